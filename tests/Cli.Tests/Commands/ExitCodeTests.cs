using Xunit;

namespace Cli.Tests.Commands;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("example")]
    [InlineData("example", "resnet")]
    [InlineData("example", "fpgm", "--repeat", "0")]
    [InlineData("example", "fpgm", "--repeat", "often")]
    [InlineData("example", "fpgm", "--times", "1,-2")]
    [InlineData("example", "fpgm", "--policy", "guess")]
    [InlineData("example", "fpgm", "--device", "tpu")]
    [InlineData("example", "fpgm", "--device", "cuda:x")]
    [InlineData("example", "fpgm", "--masks", "/nowhere/masks.pth")]
    [InlineData("graph", "resnet")]
    [InlineData("graph")]
    [InlineData("graph", "--assembly", "/nowhere/model.dll", "--type", "A.B", "--input", "1,3")]
    [InlineData("graph", "naive", "--input", "1,x")]
    public async Task RunAsync_OfABadCommandLine_IsTwoWithNothingOnTheOutput(params string[] args)
    {
        ToolRun run = await ToolRun.Of(args);

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.StartsWith("speedup: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OfABadArgument_NamesTheCommandWhoseHelpToRead()
    {
        ToolRun run = await ToolRun.Of("example", "resnet");

        Assert.Contains("'fpgm'", run.Error, StringComparison.Ordinal);
        Assert.Contains("Run `speedup example --help`", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OfAllWithAMasksFile_IsBadUsage()
    {
        string file = typeof(ExitCodeTests).Assembly.Location;

        ToolRun run = await ToolRun.Of("example", "all", "--masks", file);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--masks", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("example", "--help")]
    public async Task RunAsync_OfHelpOrVersion_IsZero(params string[] args)
    {
        ToolRun run = await ToolRun.Of(args);

        Assert.Equal(0, run.ExitCode);
        Assert.NotEmpty(run.Output);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task RunAsync_OfAMissingCudaDevice_SaysSoAndIsOne()
    {
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "This machine has a CUDA device.");

        ToolRun run = await ToolRun.Of("example", "fpgm", "--device", "cuda:1");

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("'cuda:1' is not available", run.Error, StringComparison.Ordinal);
    }
}
