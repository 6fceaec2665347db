using Plugins.Tests.Support;
using TorchSharp.Modules;

namespace Plugins.Tests.Loading;

/// <summary>A plugin is a folder: it can be taken out and put back, without a build.</summary>
public sealed class DropInTests
{
    [Fact]
    public void Load_FolderTakenOutAndPutBack_HandlersGoAndComeBack()
    {
        using var folder = new PluginFolder("Good", "AlphaConv");
        Assert.Equal("AlphaConv", CatalogAssert.OwnerOf<Conv2d>(folder.Load()));

        Directory.Delete(folder.FolderOf("AlphaConv"), recursive: true);
        string? without = CatalogAssert.OwnerOf<Conv2d>(folder.Load());
        folder.Add("AlphaConv");
        string? back = CatalogAssert.OwnerOf<Conv2d>(folder.Load());

        Assert.Null(without);
        Assert.Equal("AlphaConv", back);
    }

    [Fact]
    public void Load_GoodPlugin_DescribesIt()
    {
        using var folder = new PluginFolder("Good");

        var plugin = Assert.Single(folder.Load().Plugins);

        Assert.Equal(("Good", folder.DllOf("Good"), "1.0"), (plugin.Name, plugin.Path, plugin.ContractVersion));
        Assert.StartsWith("0.1.0", plugin.Version, StringComparison.Ordinal);
        Assert.Equal([typeof(Linear)], plugin.ModuleTypes);
        Assert.Equal(["relu", "gelu"], plugin.Functions.Select(function => function.Name));
    }
}
