using System.Text.Json;
using Sdk.Tests.Support;

namespace Sdk.Tests.Samples;

/// <summary>The samples of the documentation, built from the packages and run. A copy: nothing of the repository is above it.</summary>
public sealed class SampleTests : IDisposable
{
    private const string Plugin = "Acme.Modules.Speedup";
    private readonly Feed _feed;
    private readonly string _samples;

    public SampleTests(Feed feed)
    {
        _feed = feed;
        _samples = Folders.Copy(Repository.PathOf("docs", "samples"), Path.Combine(feed.Root, "samples"));
    }

    public void Dispose() => Directory.Delete(_samples, recursive: true);

    /// <summary>
    /// A library of module classes, a plugin for it with a dependency of its own, and a host that has the library and another version of
    /// the dependency: the plugin is dropped in, and the host's modules become smaller.
    /// </summary>
    [Fact]
    public void ThirdParty_DroppedIntoTheHostApp_MakesItsModulesSmaller()
    {
        string plugins = DropPlugin();
        string app = Build("HostApp", "HostApp.dll");
        string reportFile = Path.Combine(_samples, "report.json");

        CommandRun run = CommandRun.Succeed(_samples, app, plugins, reportFile);

        Assert.Contains("Acme's handler computes with MathNet.Numerics 4.15.0.0", run.Output, StringComparison.Ordinal);
        Assert.Contains("This application computes with MathNet.Numerics 5.0.0.0", run.Output, StringComparison.Ordinal);
        Assert.Contains("gate (ErfGate): 16 -> 8 parameters", run.Output, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(File.ReadAllText(reportFile));
        Assert.Equal(1660, report.RootElement.GetProperty("ParametersBefore").GetInt32());
        Assert.Equal(544, report.RootElement.GetProperty("ParametersAfter").GetInt32());
        Assert.InRange(report.RootElement.GetProperty("Verification").GetProperty("MaxRelativeError").GetDouble(), 0, 1e-5);
        AssertToolSharesTheLibrary(app, plugins);
    }

    /// <summary>A build needs libtorch for this system alone; an application that is published for all takes all along.</summary>
    [Fact]
    public void HostApp_PublishedForNoPlatformInParticular_KeepsAllOfLibTorch()
    {
        string app = Path.Combine(_samples, "HostApp");
        CommandRun.Succeed(app, "restore");
        string[] read = ["msbuild", "-getProperty:LibTorchOnlyBuildRid"];

        Assert.Equal("true", CommandRun.Succeed(app, read).Output.Trim());
        Assert.Equal("false", CommandRun.Succeed(app, [.. read, "-p:_IsPublishing=true"]).Output.Trim());
    }

    /// <summary>The tool loads the model into a context of its own, and still plugin and model mean the same class.</summary>
    private static void AssertToolSharesTheLibrary(string app, string plugins)
    {
        JsonElement graph = Tool.ReadJson([
            "graph",
            "--assembly",
            app,
            "--type",
            "HostApp.GatedNetwork",
            "--input",
            "1,3,16,16",
            "--plugins",
            plugins,
        ]);

        JsonElement gate = graph.GetProperty("nodes").EnumerateArray().Single(node => node.GetProperty("modulePath").GetString() == "gate");
        Assert.Equal("module", gate.GetProperty("kind").GetString());
    }

    private string DropPlugin()
    {
        string dll = Build(Path.Combine("ThirdParty", Plugin), Plugin + ".dll");
        string output = Path.GetDirectoryName(dll)!;
        Assert.Equal(
            [
                "Acme.Modules.Speedup.deps.json",
                "Acme.Modules.Speedup.dll",
                "Acme.Modules.Speedup.pdb",
                "Acme.Modules.dll",
                "Acme.Modules.pdb",
                "MathNet.Numerics.dll",
            ],
            Folders.FilesIn(output)
        );
        string plugins = Folders.Copy(Repository.Plugins, Path.Combine(_samples, "plugins"));
        Folders.Copy(output, Path.Combine(plugins, Plugin));
        JsonElement alone = Tool.ReadJson("plugins", "verify", Path.Combine(plugins, Plugin));
        Assert.True(alone.GetProperty("ok").GetBoolean(), alone.ToString());
        return plugins;
    }

    private string Build(string project, string assembly)
    {
        string folder = Path.Combine(_samples, project);
        CommandRun build = CommandRun.Succeed(folder, "build");
        Assert.Contains("0 Warning(s)", build.Output, StringComparison.Ordinal);
        return Path.Combine(folder, "bin", "Debug", "net10.0", assembly);
    }
}
