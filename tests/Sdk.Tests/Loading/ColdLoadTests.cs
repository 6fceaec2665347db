using Sdk.Tests.Support;

namespace Sdk.Tests.Loading;

/// <summary>The measurement of start-up runs; its times are for people, and no test depends on them.</summary>
public sealed class ColdLoadTests
{
    [Fact]
    public void ColdLoad_OfTheProjectsPlugins_MeasuresBothWays()
    {
        CommandRun run = CommandRun.Succeed(
            Repository.Root,
            [
                Repository.OutputOf(Path.Combine("tests", "Benchmarks"), "Benchmarks"),
                "cold-load",
                "--repeat",
                "1",
                "--plugins",
                Repository.Plugins,
            ]
        );

        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int plugins = Directory.GetDirectories(Repository.Plugins).Length;
        Assert.StartsWith($"{plugins} plugins, ", lines[0], StringComparison.Ordinal);
        Assert.Equal(["plugin", "direct", "difference"], lines[1..].Select(line => line.Split(' ')[0]));
        Assert.All(lines[1..], line => Assert.Matches(@"median +-?\d+, processor time +-?\d+;", line));
    }
}
