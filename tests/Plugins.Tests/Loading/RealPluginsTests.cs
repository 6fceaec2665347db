using Plugins.Tests.Support;
using Speedup.Core.Plugins;
using Speedup.Modules.Pruned;

namespace Plugins.Tests.Loading;

/// <summary>The project's own plugins, as the build has put them into <c>plugins/</c>.</summary>
public sealed class RealPluginsTests
{
    /// <summary>What a host provides, and no plugin folder may hold.</summary>
    private static readonly string[] HostFiles =
    [
        "TorchSharp",
        "libtorch",
        "torch_",
        "libLibTorchSharp",
        "LibTorchSharp",
        "c10",
        "Speedup.Abstractions",
        "Speedup.Core",
        "Speedup.Modules",
        "Speedup.Onnx.Abstractions",
        "Speedup.Persistence",
        "Speedup.Pruning.Abstractions",
        "Microsoft.Extensions.",
        "McMaster.",
        "SkiaSharp",
        "libSkiaSharp",
        "Google.Protobuf",
        "ICSharpCode.",
        "CSharpier",
    ];

    private static string Folder => PluginDirectory.Resolve(null, null, AppContext.BaseDirectory).Path;

    [Fact]
    public void Load_RealPlugins_AllWork()
    {
        using var log = new LogRecorder();
        string[] names = [.. Directory.EnumerateDirectories(Folder).Select(folder => Path.GetFileName(folder)!)];

        using PluginCatalog catalog = new PluginCatalogLoader(new PluginOptions(), new PluginDirectory(Folder, true), log).Load();

        Assert.NotEmpty(names);
        Assert.Empty(catalog.Failures);
        Assert.Equal(names.Order(StringComparer.Ordinal), catalog.Plugins.Select(plugin => plugin.Name));
        Assert.All(catalog.Plugins, plugin => Assert.True(plugin.ModuleTypes.Count + plugin.Functions.Count > 0, plugin.Name));
    }

    /// <summary>What the plugin puts into a user's model must be of the host's classes, also where a copy of their assembly lies beside the plugin.</summary>
    [Fact]
    public void Load_WithACopyOfTheModules_HandlesTheHostsClasses()
    {
        const string Attention = "Speedup.Plugins.Attention";
        using var folder = new PluginFolder();
        folder.AddFrom(Path.Combine(Folder, Attention), Attention);
        string modules = typeof(PrunedMultiheadAttention).Assembly.Location;
        File.Copy(modules, Path.Combine(folder.FolderOf(Attention), Path.GetFileName(modules)));

        PluginCatalog catalog = folder.Load();

        Assert.Empty(catalog.Failures);
        Assert.Equal(Attention, CatalogAssert.OwnerOf<PrunedMultiheadAttention>(catalog));
        Assert.Equal(Attention, CatalogAssert.OwnerOf<PrunedTransformerEncoder>(catalog));
    }

    [Fact]
    public void Folders_OfRealPlugins_HoldTheirOwnFilesOnly()
    {
        IEnumerable<string> files = Directory
            .EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Where(file => HostFiles.Any(start => Path.GetFileName(file).StartsWith(start, StringComparison.OrdinalIgnoreCase)));

        Assert.Empty(files);
    }
}
