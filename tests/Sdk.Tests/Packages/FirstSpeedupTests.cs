using System.Globalization;
using System.Text.RegularExpressions;
using Sdk.Tests.Support;

namespace Sdk.Tests.Packages;

/// <summary>The README's program, from an empty folder: as a project, as a file, and published. Nothing but packages is known there.</summary>
public sealed partial class FirstSpeedupTests(Feed feed) : IDisposable
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(feed.Root, "first")).FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ConsoleProject_WithThePackages_MakesTheModelSmallerAndExact()
    {
        string project = CreateProject("Shrink", ["Speedup", Feed.Version], ["TorchSharp-cpu", TorchSharpVersion]);

        CommandRun build = CommandRun.Succeed(project, "build");

        Assert.Contains("0 Warning(s)", build.Output, StringComparison.Ordinal);
        string output = Path.Combine(project, "bin", "Debug", "net10.0");
        ReplacePlugin(output);
        CommandRun.Succeed(project, "build", "--no-restore");
        AssertShrinks(CommandRun.Succeed(_folder, Path.Combine(output, "Shrink.dll")));
        AssertRefusesWithoutDynamicCode(output);
        AssertRefusesWithoutPlugins(output);
    }

    [Fact]
    public void FileBasedProgram_WithThePackages_MakesTheModelSmallerAndExact()
    {
        File.WriteAllText(Path.Combine(_folder, "app.cs"), Program);

        // The variable keeps what is built, and the links to libtorch, in a folder that goes after the test.
        string data = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        CommandRun run = CommandRun.OfProgram("dotnet", _folder, ["run", "app.cs"], ("XDG_DATA_HOME", data));

        Assert.True(run.ExitCode == 0, run.Text);
        AssertShrinks(run);
    }

    /// <summary>Without libtorch, which a publish copies; that takes time, and the plugins do not depend on it.</summary>
    [Fact]
    public void ConsoleProject_PublishedAsASingleFile_HasThePluginsBesideIt()
    {
        string project = CreateProject("Single", ["Speedup", Feed.Version]);
        string target = Path.Combine(_folder, "published");

        CommandRun.Succeed(
            project,
            "publish",
            "--output",
            target,
            "--runtime",
            Feed.Platform,
            "--self-contained",
            "false",
            "-p:PublishSingleFile=true"
        );

        Assert.DoesNotContain(Folders.FilesIn(target), file => file.StartsWith("Speedup.", StringComparison.Ordinal)); // in the file
        Assert.Equal(BuiltIn, PluginsIn(target));
    }

    /// <summary>A file-based program is set up for native compilation unless it says otherwise.</summary>
    [Fact]
    public void FileBasedProgram_ThatSaysNothingOfIt_IsNotForNativeCompilation()
    {
        string project = CreateProject("Native", ["Speedup", Feed.Version]);
        string[] read = ["msbuild", "-getProperty:PublishAot"];

        Assert.Equal("", CommandRun.Succeed(project, read).Output.Trim());
        Assert.Equal("false", CommandRun.Succeed(project, [.. read, "-p:FileBasedProgram=true"]).Output.Trim());
    }

    [Fact]
    public void Readme_ShowsTheProgram()
    {
        string readme = File.ReadAllText(Repository.PathOf("README.md")).ReplaceLineEndings("\n");

        Assert.Contains($"```csharp\n{Source}```", readme, StringComparison.Ordinal);
    }

    private static string Source =>
        File.ReadAllText(Repository.PathOf("docs", "samples", "FirstSpeedup", "app.cs")).ReplaceLineEndings("\n");

    /// <summary>The program with the packages of this run.</summary>
    private static string Program =>
        Source.Replace("#:package Speedup@0.1.0\n", $"#:package Speedup@{Feed.Version}\n", StringComparison.Ordinal);

    private static string TorchSharpVersion => TorchSharpPackage().Match(Source).Groups[1].Value;

    /// <summary>The names of the families in the repository.</summary>
    private static string[] BuiltIn =>
        [
            .. Directory
                .EnumerateFiles(Repository.PathOf("src", "Plugins"), "*.csproj", SearchOption.AllDirectories)
                .Select(project => Path.GetFileNameWithoutExtension(project)!)
                .Order(StringComparer.Ordinal),
        ];

    private static string[] PluginsIn(string folder) =>
        [
            .. Directory
                .EnumerateDirectories(Path.Combine(folder, "plugins"))
                .Select(plugin => Path.GetFileName(plugin))
                .Where(plugin => File.Exists(Path.Combine(folder, "plugins", plugin, plugin + ".dll")))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The block's inner channels are the half, but for a carrier of the constants where a border needs one; the outputs are those of the masked model.</summary>
    private static void AssertShrinks(CommandRun run)
    {
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Match parameters = Parameters().Match(lines[0]);
        double[] errors = [.. lines[1..].Select(line => double.Parse(Error().Match(line).Groups[1].Value, CultureInfo.InvariantCulture))];

        Assert.True(parameters.Success, run.Text);
        Assert.Equal("112490", parameters.Groups[1].Value);
        Assert.InRange(int.Parse(parameters.Groups[2].Value, CultureInfo.InvariantCulture), 56_000, 60_000);
        Assert.Equal(["1x3x32x32", "3x3x64x64", "7x3x40x96"], lines[1..].Select(line => line.Split(':')[0]));
        Assert.All(errors, error => Assert.InRange(error, 0, 1e-5));
    }

    /// <summary>Leaves what the build of a newer package might have left: a file that is younger than the package's.</summary>
    private static void ReplacePlugin(string output)
    {
        const string Plugin = "Speedup.Plugins.Convolution";
        File.WriteAllText(Path.Combine(output, "plugins", Plugin, Plugin + ".dll"), "another version");
    }

    private void AssertRefusesWithoutDynamicCode(string output)
    {
        string path = Path.Combine(output, "Shrink.runtimeconfig.json");
        string settings = File.ReadAllText(path);
        const string Switch = "\"System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported\": false";
        File.WriteAllText(
            path,
            settings.Replace("\"configProperties\": {", $"\"configProperties\": {{ {Switch},", StringComparison.Ordinal)
        );

        CommandRun run = CommandRun.Of(_folder, Path.Combine(output, "Shrink.dll"));

        File.WriteAllText(path, settings);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("SPD7001: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("PublishAot=false", run.Error, StringComparison.Ordinal);
    }

    private void AssertRefusesWithoutPlugins(string output)
    {
        Assert.Equal(BuiltIn, PluginsIn(output));
        Directory.Delete(Path.Combine(output, "plugins"), recursive: true);

        CommandRun run = CommandRun.Of(_folder, Path.Combine(output, "Shrink.dll"));

        Assert.True(run.ExitCode != 0, $"It ran without plugins beside it:{Environment.NewLine}{run.Text}");
        Assert.Contains("SPD5030: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("Reference the package Speedup", run.Error, StringComparison.Ordinal);
    }

    private string CreateProject(string name, params string[][] packages)
    {
        string project = Path.Combine(_folder, name);
        CommandRun.Succeed(_folder, "new", "console", "--name", name, "--no-restore");
        foreach (string[] package in packages)
            CommandRun.Succeed(project, "add", "package", package[0], "--version", package[1]);
        string[] lines = [.. Program.Split('\n').Where(line => !line.StartsWith("#:", StringComparison.Ordinal))];
        File.WriteAllLines(Path.Combine(project, "Program.cs"), lines);
        return project;
    }

    [GeneratedRegex(@"^#:package TorchSharp-cpu@(\S+)", RegexOptions.Multiline)]
    private static partial Regex TorchSharpPackage();

    [GeneratedRegex(@"^(\d+) -> (\d+) parameters$")]
    private static partial Regex Parameters();

    [GeneratedRegex(@"largest relative error (\S+)$")]
    private static partial Regex Error();
}
