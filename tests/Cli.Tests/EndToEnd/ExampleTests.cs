using System.Text.Json;
using Xunit;

namespace Cli.Tests.EndToEnd;

public sealed class ExampleTests
{
    [Fact]
    public async Task Example_OfAll_MakesEveryNetworkSmallerAndExact()
    {
        ToolRun run = await ChildProcess.Run("example", "all", "--json", "--repeat", "1", "--plugins", Repository.Plugins);

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Equal(["slim", "fpgm", "l1filter", "apoz"], document.RootElement.EnumerateArray().Select(Name));
        Assert.All(
            document.RootElement.EnumerateArray(),
            example =>
            {
                Assert.InRange(example.GetProperty("maxRelativeError").GetDouble(), 0, 1e-5);
                Assert.True(Number(example, "parametersAfter") < 0.5 * Number(example, "parametersBefore"));
                Assert.True(Number(example, "macsAfter") < Number(example, "macsBefore"));
                Assert.Empty(example.GetProperty("barriers").EnumerateArray());
                Assert.Equal([1, 2, 4, 8, 16, 32], example.GetProperty("latency").EnumerateArray().Select(row => Number(row, "times")));
            }
        );
    }

    [Fact]
    public async Task Example_OfFpgm_KeepsWhatNniKeeps()
    {
        ToolRun run = await ToolRun.Of("example", "fpgm", "--json", "--repeat", "1", "--times", "1", "--plugins", Repository.Plugins);

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Equal(431080, Number(document.RootElement, "parametersBefore"));
        Assert.Equal(212045, Number(document.RootElement, "parametersAfter"));
    }

    [Fact]
    public async Task Example_OfApoz_NamesTheCarriers()
    {
        ToolRun run = await ToolRun.Of("example", "apoz", "--repeat", "1", "--times", "1", "--plugins", Repository.Plugins);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("carrier", run.Output, StringComparison.Ordinal);
        Assert.Contains("carries the constants that zero-padded", run.Output, StringComparison.Ordinal);
        Assert.Contains("Largest relative error to the masked model", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Example_WithPolicyDrop_ReportsTheErrorOfAnotherFunction()
    {
        string[] args = ["example", "apoz", "--policy", "drop", "--json", "--repeat", "1", "--times", "1", "--plugins", Repository.Plugins];

        ToolRun run = await ToolRun.Of(args);

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Equal("drop", document.RootElement.GetProperty("policy").GetString());
        Assert.True(document.RootElement.GetProperty("maxRelativeError").GetDouble() > 1e-4);
    }

    [Fact]
    public async Task Example_WithTheMasksOfAnotherNetwork_FailsAndSaysWhich()
    {
        string masks = Path.Combine(AppContext.BaseDirectory, "Examples", "Data", "vgg16_cifar10_l1", "masks.pth");

        ToolRun run = await ToolRun.Of("example", "fpgm", "--masks", masks, "--plugins", Repository.Plugins);

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("feature.0", run.Error, StringComparison.Ordinal);
    }

    private static string? Name(JsonElement example) => example.GetProperty("example").GetString();

    private static long Number(JsonElement element, string key) => element.GetProperty(key).GetInt64();
}
