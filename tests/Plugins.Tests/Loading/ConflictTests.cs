using Plugins.Tests.Support;
using Speedup.Abstractions;
using Speedup.Core.Plugins;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plugins.Tests.Loading;

/// <summary>Two plugins for one module type and one function.</summary>
public sealed class ConflictTests
{
    [Fact]
    public void Load_TwoPluginsForOneType_FirstKeepsItAndBothAreNamed()
    {
        using var folder = new PluginFolder("BetaConv", "AlphaConv");

        PluginCatalog catalog = folder.Load();

        Assert.Equal(2, catalog.Failures.Count);
        Assert.All(catalog.Failures, failure => Assert.Equal(("BetaConv", "SPD5024"), (failure.Name, failure.Code)));
        Assert.All(catalog.Failures, failure => Assert.Equal(PluginStage.Register, failure.Stage));
        Assert.All(catalog.Failures, failure => Assert.Contains("'AlphaConv' and 'BetaConv'", failure.Message, StringComparison.Ordinal));
        Assert.Contains("TorchSharp.Modules.Conv2d", catalog.Failures[0].Message, StringComparison.Ordinal);
        Assert.Contains("functional.conv2d", catalog.Failures[1].Message, StringComparison.Ordinal);
        Assert.Equal("AlphaConv", CatalogAssert.OwnerOf<Conv2d>(catalog));
    }

    [Fact]
    public void Load_TwoPluginsForOneType_EverythingElseOfBothWorks()
    {
        using var folder = new PluginFolder("BetaConv", "AlphaConv");

        PluginCatalog catalog = folder.Load();

        Assert.Equal("AlphaConv", CatalogAssert.OwnerOf<BatchNorm2d>(catalog));
        Assert.Equal("BetaConv", CatalogAssert.OwnerOf<Dropout>(catalog));
        Assert.Equal([typeof(Conv2d), typeof(BatchNorm2d)], catalog.Plugins[0].ModuleTypes);
        Assert.Equal([typeof(Dropout)], catalog.Plugins[1].ModuleTypes);
        Assert.Equal([new FunctionKey(typeof(functional), "tanh")], catalog.Plugins[1].Functions);
    }

    [Fact]
    public void Load_FunctionThatDoesNotExist_IsReportedAndTheOthersWork()
    {
        using var folder = new PluginFolder("MisspeltFunction");

        PluginCatalog catalog = folder.Load();

        PluginFailure failure = Assert.Single(catalog.Failures);
        Assert.Equal(("MisspeltFunction", "SPD5031", PluginStage.Register), (failure.Name, failure.Code, failure.Stage));
        Assert.Contains("torch+Tensor.sqeeze", failure.Message, StringComparison.Ordinal);
        var sinc = new FunctionKey(typeof(TorchSharp.torch.Tensor), "sinc");
        Assert.NotNull(CatalogAssert.RegistryOf(catalog).FindFunctionHandler(sinc.FindMethods().First()));
    }

    [Fact]
    public void Load_OrderInOptions_Decides()
    {
        using var folder = new PluginFolder("BetaConv", "AlphaConv");

        PluginCatalog catalog = folder.Load(options => options.Order.Add("BetaConv"));

        Assert.Equal(["BetaConv", "AlphaConv"], catalog.Plugins.Select(plugin => plugin.Name));
        Assert.Equal("BetaConv", CatalogAssert.OwnerOf<Conv2d>(catalog));
        Assert.All(catalog.Failures, failure => Assert.Equal("AlphaConv", failure.Name));
    }

    [Fact]
    public void Load_OrderNamesUnknownPlugin_IsAWarning()
    {
        using var folder = new PluginFolder("Good");

        folder.Load(options => options.Order.Add("Godo"));

        Assert.Contains(folder.Log.Entries, entry => entry.Text.Contains("'Godo', which is not loaded", StringComparison.Ordinal));
    }
}
