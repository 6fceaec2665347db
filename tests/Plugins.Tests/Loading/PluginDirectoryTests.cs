using Plugins.Tests.Support;
using Speedup.Core.Plugins;

namespace Plugins.Tests.Loading;

public sealed class PluginDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("speedup-directory-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Resolve_Configured_BeatsTheEnvironment()
    {
        var found = PluginDirectory.Resolve(Path.Combine(_root, "a", "..", "b"), Path.Combine(_root, "c"), _root);

        Assert.Equal(new PluginDirectory(Path.Combine(_root, "b"), true), found);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    public void Resolve_NotConfigured_TakesTheEnvironment(string? configured)
    {
        AddPlugin(_root);

        var found = PluginDirectory.Resolve(configured, Path.Combine(_root, "c"), _root);

        Assert.Equal(new PluginDirectory(Path.Combine(_root, "c"), true), found);
    }

    [Fact]
    public void Resolve_PluginsBesideTheExecutable_AreTaken()
    {
        string executable = Directory.CreateDirectory(Path.Combine(_root, "bin", "Debug")).FullName;
        AddPlugin(_root);
        AddPlugin(executable);

        Assert.Equal(Path.Combine(executable, "plugins"), PluginDirectory.Resolve(null, "", executable).Path);
    }

    [Fact]
    public void Resolve_NoneBesideTheExecutable_TakesTheNearestAbove()
    {
        string executable = Directory.CreateDirectory(Path.Combine(_root, "bin", "Debug")).FullName;
        Directory.CreateDirectory(Path.Combine(executable, "plugins"));
        Directory.CreateDirectory(Path.Combine(_root, "bin", "plugins", "NotAPlugin"));
        AddPlugin(_root);

        Assert.Equal(new PluginDirectory(Path.Combine(_root, "plugins"), false), PluginDirectory.Resolve(null, null, executable));
    }

    [Fact]
    public void Resolve_NoneAnywhere_IsBesideTheExecutable()
    {
        string executable = Directory.CreateDirectory(Path.Combine(_root, "bin")).FullName;

        Assert.Equal(new PluginDirectory(Path.Combine(executable, "plugins"), false), PluginDirectory.Resolve(null, null, executable));
    }

    private static void AddPlugin(string beside)
    {
        string folder = Directory.CreateDirectory(Path.Combine(beside, "plugins", "Good")).FullName;
        File.Copy(Path.Combine(PluginFolder.SourceOf("Good"), "Good.dll"), Path.Combine(folder, "Good.dll"));
    }
}
