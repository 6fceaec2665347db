using System.Text.RegularExpressions;
using QuickStart;
using Speedup.Cli.Examples;
using Speedup.Cli.Examples.Models;
using Speedup.Core.Reporting;
using Xunit;

namespace Cli.Tests.Documentation;

public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Readme_ShowsTheSampleVerbatim()
    {
        string sample = File.ReadAllText(Path.Combine(Repository.Root, "docs", "samples", "QuickStart.cs")).ReplaceLineEndings("\n");

        Assert.Contains($"```csharp\n{sample}```", Readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_OnTheShippedFiles_MakesTheModelSmaller()
    {
        ExampleDefinition example = ExampleCatalog.All.Single(example => example.Name == "fpgm");
        string target = Path.Combine(Directory.CreateTempSubdirectory("speedup-cli-").FullName, "small.pth");
        using var model = new NaiveMnist();

        SpeedupReport report = Shrink.Run(model, example.WeightsFile, example.MasksFile, target);

        Assert.Equal(212045, report.ParametersAfter);
        Assert.Equal(212045, model.parameters().Sum(parameter => parameter.numel()));
        Assert.True(report.Verification.MaxRelativeError < 1e-5);
        Assert.True(File.Exists(target));
        Directory.Delete(Path.GetDirectoryName(target)!, recursive: true);
    }

    [Fact]
    public void ContinuousBuild_RunsTheReadmesTestCommand()
    {
        string script = File.ReadAllText(Path.Combine(Repository.Root, ".ci", "run"));
        string command = TestCommand().Match(Readme).Value;

        Assert.NotEmpty(command);
        Assert.Contains(command, script, StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_LinksToFilesThatExist()
    {
        string[] links = [.. Link().Matches(Readme).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://"))];

        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(Repository.Root, link)), link));
    }

    [GeneratedRegex(@"^dotnet test .*$", RegexOptions.Multiline)]
    private static partial Regex TestCommand();

    [GeneratedRegex(@"\]\(([^)#]+)[^)]*\)")]
    private static partial Regex Link();
}
