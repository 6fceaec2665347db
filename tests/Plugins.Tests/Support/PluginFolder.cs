using Speedup.Core.Plugins;

namespace Plugins.Tests.Support;

/// <summary>A plugin directory of one test, filled with copies of the test plugins.</summary>
internal sealed class PluginFolder : IDisposable
{
    private readonly List<PluginCatalog> _catalogs = [];

    public PluginFolder(params IEnumerable<string> plugins)
    {
        foreach (string plugin in plugins)
            Add(plugin);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("speedup-plugins-").FullName;

    public LogRecorder Log { get; } = new();

    /// <summary>Where the build has put a test plugin.</summary>
    public static string SourceOf(string plugin) => System.IO.Path.Combine(AppContext.BaseDirectory, "TestPlugins", plugin);

    public string FolderOf(string plugin) => System.IO.Path.Combine(Path, plugin);

    public string DllOf(string plugin) => System.IO.Path.Combine(Path, plugin, plugin + ".dll");

    /// <summary>Copies a test plugin into this directory, or elsewhere.</summary>
    public string Add(string plugin, string? target = null)
    {
        target ??= FolderOf(plugin);
        Copy(SourceOf(plugin), target);
        return target;
    }

    /// <summary>Copies a plugin that is no test plugin into this directory.</summary>
    public void AddFrom(string source, string plugin) => Copy(source, FolderOf(plugin));

    public PluginCatalog Load(Action<PluginOptions>? configure = null)
    {
        var options = new PluginOptions { Directory = Path };
        configure?.Invoke(options);
        var directory = PluginDirectory.Resolve(options.Directory, null, AppContext.BaseDirectory);
        PluginCatalog catalog = new PluginCatalogLoader(options, directory, Log).Load();
        _catalogs.Add(catalog);
        return catalog;
    }

    public void Dispose()
    {
        _catalogs.ForEach(catalog => catalog.Dispose());
        Directory.Delete(Path, recursive: true);
    }

    private static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (string file in Directory.EnumerateFiles(source))
            File.Copy(file, System.IO.Path.Combine(target, System.IO.Path.GetFileName(file)));
    }
}
