using Speedup.TestKit;

namespace TestKit.Tests.Support;

/// <summary>A kit on one of the test plugins, from a plugin directory of its own.</summary>
internal static class TestPlugin
{
    public static PluginKit Load(string name)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "TestPlugins", name);
        string directory = Path.Combine(AppContext.BaseDirectory, "OnePlugin", name);
        string folder = Directory.CreateDirectory(Path.Combine(directory, name)).FullName;
        foreach (string file in Directory.EnumerateFiles(source))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        return PluginKit.ForFolder(directory);
    }
}
