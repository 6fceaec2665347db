using System.Text.Json;
using Sdk.Tests.Support;

namespace Sdk.Tests.Packages;

/// <summary>The tool as <c>dotnet tool install</c> brings it: one package of this platform, complete in itself.</summary>
public sealed class ToolTests(Feed feed) : IDisposable
{
    private readonly string _tools = Path.Combine(feed.Root, "tools");

    public void Dispose() => Directory.Delete(_tools, recursive: true); // half a gigabyte

    [Fact]
    public void Tool_InstalledFromThePackages_HasThePluginsAndComputes()
    {
        CommandRun.Succeed(feed.Root, "tool", "install", "Speedup.Cli", "--version", Feed.Version, "--tool-path", _tools);

        JsonElement catalog = Run("plugins", "--json");
        JsonElement example = Run("example", "fpgm", "--repeat", "1", "--times", "1", "--json");

        JsonElement[] plugins = [.. catalog.GetProperty("plugins").EnumerateArray()];
        Assert.Equal(
            Directory.GetFiles(Repository.PathOf("src", "Plugins"), "*.csproj", SearchOption.AllDirectories).Length,
            plugins.Length
        );
        Assert.All(plugins, plugin => Assert.StartsWith(_tools, plugin.GetProperty("path").GetString(), StringComparison.Ordinal));
        Assert.Empty(catalog.GetProperty("failures").EnumerateArray());
        Assert.Equal(212045, example.GetProperty("parametersAfter").GetInt32());
        Assert.InRange(example.GetProperty("maxRelativeError").GetDouble(), 0, 1e-5);
        AssertHoldsNothingTwice();
    }

    /// <summary>The examples' data and libtorch are large: once each, and for one platform.</summary>
    private void AssertHoldsNothingTwice()
    {
        string[] data = Directory.GetFiles(Repository.PathOf("src", "Cli", "Examples", "Data"), "*.pth", SearchOption.AllDirectories);
        string[] files = Directory.GetFiles(_tools, "*", SearchOption.AllDirectories);

        Assert.Equal(data.Length, files.Count(file => file.EndsWith(".pth", StringComparison.Ordinal)));
        Assert.Single(files, file => Path.GetFileName(file).Contains("torch_cpu.", StringComparison.Ordinal));
        Assert.Single(files, file => Path.GetFileNameWithoutExtension(file).EndsWith("LibTorchSharp", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => Path.GetFileName(file).Contains("torch_python", StringComparison.Ordinal));
    }

    private JsonElement Run(params string[] arguments)
    {
        string program = Path.Combine(_tools, OperatingSystem.IsWindows() ? "speedup.exe" : "speedup");
        CommandRun run = CommandRun.OfProgram(program, feed.Root, arguments);
        Assert.True(run.ExitCode == 0, run.Text);
        using var document = JsonDocument.Parse(run.Output);
        return document.RootElement.Clone();
    }
}
