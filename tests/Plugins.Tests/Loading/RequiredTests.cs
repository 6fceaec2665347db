using Plugins.Tests.Support;
using Speedup.Abstractions;
using Speedup.Core.Plugins;

namespace Plugins.Tests.Loading;

/// <summary>Plugins that a host cannot do without.</summary>
public sealed class RequiredTests
{
    [Fact]
    public void Load_RequiredPluginThere_Starts()
    {
        using var folder = new PluginFolder("Good", "NoEntry");

        CatalogAssert.GoodWorks(folder.Load(options => options.Required.Add("Good")));
    }

    [Fact]
    public void Load_RequiredPluginBroken_FailsStartUp()
    {
        using var folder = new PluginFolder("Good", "ThrowingConfigure");

        var error = Assert.Throws<SpeedupException>(() => folder.Load(options => options.Required.Add("ThrowingConfigure")));

        Assert.Equal("SPD5025", error.Code);
        Assert.Contains("'ThrowingConfigure' (SPD5019)", error.Message, StringComparison.Ordinal);
        Assert.Equal("configure says no", error.InnerException?.Message);
    }

    [Theory]
    [InlineData("Absent")]
    [InlineData("../Good")]
    [InlineData("Good/../Good")]
    public void Load_RequiredPluginMissing_FailsStartUp(string name)
    {
        using var folder = new PluginFolder("Good");

        var error = Assert.Throws<SpeedupException>(() => folder.Load(options => options.Required.Add(name)));

        Assert.Contains($"'{name}' (SPD5002)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RequiredPluginLosesAType_FailsStartUp()
    {
        using var folder = new PluginFolder("AlphaConv", "BetaConv");

        var error = Assert.Throws<SpeedupException>(() => folder.Load(options => options.Required.Add("BetaConv")));

        Assert.Contains("SPD5024", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ConfiguredDirectoryMissing_IsAFailure()
    {
        using var folder = new PluginFolder();

        PluginCatalog catalog = folder.Load(options => options.Directory = Path.Combine(folder.Path, "absent"));

        PluginFailure failure = Assert.Single(catalog.Failures);
        Assert.Equal(("absent", "SPD5001"), (failure.Name, failure.Code));
    }
}
