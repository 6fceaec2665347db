using Plugins.Tests.Support;
using Speedup.Core.Plugins;

namespace Plugins.Tests.Loading;

/// <summary>Plugins that were built broken: each is reported by name and cause, and the good one beside it works.</summary>
public sealed class BrokenPluginTests
{
    [Theory]
    [InlineData("MissingDependency", "SPD5014", PluginStage.Inspect, "Newtonsoft.Json 13.0.0.0", "neither in")]
    [InlineData("WrongContract", "SPD5012", PluginStage.Inspect, "contract 9.0", "contract 1.0", "Rebuild")]
    [InlineData(
        "NewerShared",
        "SPD5013",
        PluginStage.Inspect,
        "Microsoft.Extensions.DependencyInjection.Abstractions 11.0.0.0",
        "has 10.0.0.0"
    )]
    [InlineData("NoEntry", "SPD5011", PluginStage.Inspect, "[assembly: SpeedupPlugin(")]
    [InlineData("WrongEntry", "SPD5017", PluginStage.Create, "WrongEntry.WrongEntryPlugin", "does not implement ISpeedupPlugin")]
    [InlineData("ThrowingConstructor", "SPD5018", PluginStage.Create, "InvalidOperationException", "constructor says no")]
    [InlineData(
        "ThrowingConfigure",
        "SPD5019",
        PluginStage.Configure,
        "ConfigureServices",
        "configure says no",
        "None of its registrations"
    )]
    [InlineData("UnregisteredService", "SPD5020", PluginStage.Resolve, "UnregisteredService.INobodyRegistersThis")]
    [InlineData("ThrowingHandler", "SPD5021", PluginStage.Resolve, "handler says no")]
    [InlineData("ThrowingDescription", "SPD5021", PluginStage.Resolve, "no words")]
    [InlineData("NoHandlers", "SPD5022", PluginStage.Resolve, "registers no handler")]
    [InlineData("WrongClaim", "SPD5023", PluginStage.Resolve, "System.String", "not a torch.nn.Module")]
    public void Load_BrokenPlugin_IsReportedAndOthersWork(string name, string code, PluginStage stage, params string[] words)
    {
        using var folder = new PluginFolder("Good", name);

        PluginCatalog catalog = folder.Load();

        PluginFailure failure = CatalogAssert.OnlyFailed(folder, catalog, name, code, words);
        Assert.Equal(stage, failure.Stage);
    }

    [Fact]
    public void Load_ConfigureThrowsAfterRegistering_LeavesNothingBehind()
    {
        using var folder = new PluginFolder("ThrowingConfigure");

        PluginCatalog catalog = folder.Load();

        Assert.Empty(catalog.Plugins);
        Assert.Null(CatalogAssert.OwnerOf<TorchSharp.Modules.Linear>(catalog));
    }

    [Fact]
    public void Load_ConstructorThrows_ReportsTheCauseWithoutWrappers()
    {
        using var folder = new PluginFolder("Good", "ThrowingConstructor");

        PluginFailure failure = Assert.Single(folder.Load().Failures);

        Assert.Equal("constructor says no", Assert.IsType<InvalidOperationException>(failure.Exception).Message);
    }

    [Fact]
    public void Load_AllBrokenAtOnce_ReportsEachOnceAndKeepsTheGood()
    {
        string[] broken =
        [
            "MissingDependency",
            "NewerShared",
            "NoEntry",
            "NoHandlers",
            "ThrowingConfigure",
            "ThrowingConstructor",
            "ThrowingDescription",
            "ThrowingHandler",
            "UnregisteredService",
            "WrongClaim",
            "WrongContract",
            "WrongEntry",
        ];
        using var folder = new PluginFolder([.. broken, "Good"]);

        PluginCatalog catalog = folder.Load();

        Assert.Equal(broken, catalog.Failures.Select(failure => failure.Name));
        CatalogAssert.GoodWorks(catalog);
    }

    [Fact]
    public void Dispose_ServiceRefuses_IsLoggedAndOthersAreDisposed()
    {
        using var folder = new PluginFolder("Good", "UnwillingDispose");
        PluginCatalog catalog = folder.Load();
        Assert.Empty(catalog.Failures);

        catalog.Dispose();

        Assert.Contains(folder.Log.Entries, entry => entry.Text == "A service of plugin 'UnwillingDispose' could not be disposed");
        Assert.False(folder.Log.IsDisposed, "the host's logging is not the plugin's to dispose");
    }
}
