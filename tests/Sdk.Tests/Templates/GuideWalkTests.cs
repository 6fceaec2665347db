using System.Text.Json;
using System.Text.RegularExpressions;
using Sdk.Tests.Support;

namespace Sdk.Tests.Templates;

/// <summary>The guide's operator from end to end: each step of the section is done as it stands there, by somebody who has the packages alone.</summary>
public sealed partial class GuideWalkTests(Feed feed)
{
    private const string Sample = "GhostConv";
    private const string Plugin = "Ghost.Operators";
    private static readonly string Section = ReadSection();

    [Fact]
    public void Guide_DoneStepByStep_PassesTheKitAndLoads()
    {
        string hive = Path.Combine(feed.Root, "hive-of-the-guide");
        string folder = Directory.CreateDirectory(Path.Combine(feed.Root, "walk")).FullName;
        CommandRun.Succeed(
            feed.Root,
            ["new", "install", $"Speedup.Templates@{Feed.Version}", "--nuget-source", feed.Folder, "--debug:custom-hive", hive]
        );
        string output = "";

        foreach (Match block in Block().Matches(Section))
        {
            string text = block.Groups["text"].Value;
            if (block.Groups["file"] is { Success: true, Value: var file })
                Write(Path.Combine(folder, file), text);
            else if (block.Groups["language"].Length == 0)
                (folder, output) = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Aggregate((folder, output), (at, command) => Do(command, at.folder, hive));
        }

        Assert.Contains("total: 1", output, StringComparison.Ordinal);
        Assert.Contains("succeeded: 1", output, StringComparison.Ordinal);
        AssertLoads(folder);
    }

    /// <summary>The sample is what the section makes.</summary>
    [Fact]
    public void Guide_ShowsAllFilesOfTheSample()
    {
        string root = Repository.PathOf("docs", "samples", Sample);
        string[] files =
        [
            .. Directory
                .EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
                .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal)),
        ];

        Dictionary<string, string> shown = Block()
            .Matches(Section)
            .Where(block => block.Groups["file"].Success)
            .ToDictionary(block => block.Groups["file"].Value, block => block.Groups["text"].Value);

        Assert.Equal(files.Order(StringComparer.Ordinal), shown.Keys.Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(File.ReadAllText(Path.Combine(root, file)).ReplaceLineEndings("\n"), shown[file]));
    }

    private static (string Folder, string Output) Do(string command, string folder, string hive)
    {
        string[] words = command.Split(' ');
        switch (words[0])
        {
            case "cd":
                return (Path.Combine(folder, words[1]), "");
            case "rm":
                Assert.True(File.Exists(Path.Combine(folder, words[1])), command);
                File.Delete(Path.Combine(folder, words[1]));
                return (folder, "");
            default:
                Assert.Equal("dotnet", words[0]);
                string[] arguments = words[1] == "new" ? [.. words[1..], "--debug:custom-hive", hive] : words[1..];
                return (folder, CommandRun.Succeed(folder, arguments).Output);
        }
    }

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static void AssertLoads(string solution)
    {
        string output = Path.Combine(solution, "src", Plugin, "bin", "Debug", "net10.0");
        string[] expected = ["Ghost.Modules.dll", "Ghost.Modules.pdb", Plugin + ".deps.json", Plugin + ".dll", Plugin + ".pdb"];
        Assert.Equal(expected, Folders.FilesIn(output));
        string dropped = Folders.Copy(output, Path.Combine(solution, "dropped", Plugin));

        JsonElement verified = Tool.ReadJson("plugins", "verify", dropped);

        Assert.True(verified.GetProperty("ok").GetBoolean(), verified.ToString());
    }

    private static string ReadSection()
    {
        string guide = File.ReadAllText(Repository.PathOf("docs", "plugin-guide.md")).ReplaceLineEndings("\n");
        int start = guide.IndexOf("## An operator of your own, from end to end\n", StringComparison.Ordinal);
        return guide[start..guide.IndexOf("### Traps\n", start, StringComparison.Ordinal)];
    }

    /// <summary>A block of code; the name of its file stands before it, where it is one.</summary>
    [GeneratedRegex(
        @"(?:^`(?<file>[^`\n]+)`:\n\n)?^```(?<language>\w*)\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Block();
}
