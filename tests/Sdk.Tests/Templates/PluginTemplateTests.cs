using System.Text.Json;
using Sdk.Tests.Support;

namespace Sdk.Tests.Templates;

/// <summary>From <c>dotnet new</c> to a dropped-in DLL, with the packages alone.</summary>
public sealed class PluginTemplateTests(Feed feed)
{
    private const string Name = "My.Operators";

    [Fact]
    public void New_BuiltAndTestedFromThePackages_IsListedByAHost()
    {
        string hive = Path.Combine(feed.Root, "hive"); // the user's own templates stay as they are
        CommandRun.Succeed(
            feed.Root,
            ["new", "install", $"Speedup.Templates@{Feed.Version}", "--nuget-source", feed.Folder, "--debug:custom-hive", hive]
        );
        CommandRun.Succeed(feed.Root, ["new", "speedup-plugin", "-n", Name, "--debug:custom-hive", hive]);
        string solution = Path.Combine(feed.Root, Name);

        CommandRun build = CommandRun.Succeed(solution, "build");
        CommandRun test = CommandRun.Succeed(solution, "test", "--no-build");

        Assert.Contains("0 Warning(s)", build.Output, StringComparison.Ordinal);
        Assert.Contains("succeeded: 1", test.Output, StringComparison.Ordinal);
        AssertTestsHaveTheirLibTorch(Path.Combine(solution, "tests", Name + ".Tests"));
        string output = Path.Combine(solution, "src", Name, "bin", "Debug", "net10.0");
        Assert.Equal([Name + ".deps.json", Name + ".dll", Name + ".pdb"], Folders.FilesIn(output));
        AssertIsListed(solution, output);
    }

    /// <summary>Names that are no C# names give valid code.</summary>
    [Theory]
    [InlineData("my-operators", "my_operators")]
    [InlineData("3D.Ops", "_3D.Ops")]
    public void New_UnusualName_GivesAValidNamespace(string name, string expected)
    {
        string hive = Path.Combine(feed.Root, "hive-of-names");
        string folder = Directory.CreateDirectory(Path.Combine(feed.Root, "names")).FullName;
        CommandRun.Succeed(
            feed.Root,
            ["new", "install", Repository.PathOf("src", "Templates", "speedup-plugin"), "--force", "--debug:custom-hive", hive]
        );

        CommandRun.Succeed(folder, ["new", "speedup-plugin", "-n", name, "--debug:custom-hive", hive]);

        string entry = File.ReadAllText(Path.Combine(folder, name, "src", name, "OperatorsPlugin.cs"));
        Assert.Contains($"namespace {expected};", entry, StringComparison.Ordinal);
        Assert.Contains($"typeof({expected}.OperatorsPlugin)", entry, StringComparison.Ordinal);
        Assert.DoesNotContain("Template", entry, StringComparison.Ordinal);
    }

    /// <summary>Only this system's files, and libtorch itself by a link to the package: it would fill a disk otherwise.</summary>
    private static void AssertTestsHaveTheirLibTorch(string project)
    {
        string runtimes = Path.Combine(project, "bin", "Debug", "net10.0", "runtimes");
        string platform = Path.GetFileName(
            Assert.Single(Directory.EnumerateDirectories(runtimes), folder => Directory.Exists(Path.Combine(folder, "native")))
        );

        Assert.Contains(
            Folders.FilesIn(Path.Combine(runtimes, platform, "native")),
            file => file.Contains("torch_cpu", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            Folders.FilesIn(Path.Combine(runtimes, platform, "native")),
            file => file.Contains("torch_python", StringComparison.Ordinal)
        );
    }

    private static void AssertIsListed(string solution, string output)
    {
        string plugins = Folders.Copy(Repository.Plugins, Path.Combine(solution, "plugins"));
        JsonElement before = Tool.ReadJson("plugins", "--plugins", plugins);
        Folders.Copy(output, Path.Combine(plugins, Name));

        JsonElement after = Tool.ReadJson("plugins", "--plugins", plugins);

        Assert.Contains("TorchSharp.torch+Tensor.sinc", Tool.Strings(Tool.Plugin(after, Name), "functions"));
        Assert.DoesNotContain(after.GetProperty("failures").EnumerateArray(), failure => failure.GetProperty("name").GetString() == Name);
        Assert.Equal(before.GetProperty("plugins").GetArrayLength() + 1, after.GetProperty("plugins").GetArrayLength());
    }
}
