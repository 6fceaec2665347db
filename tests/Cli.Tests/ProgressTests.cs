using Speedup.Cli;
using Speedup.Cli.Terminals;
using Speedup.Core.Monitoring;
using Xunit;

namespace Cli.Tests;

public sealed class ProgressTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void Run_OnATerminal_ShowsTheStepAndTakesItAway()
    {
        using var error = new StringWriter();
        var terminal = new Terminal(TextWriter.Null, error, showsProgress: true);

        int result = new ProgressLine(terminal, quiet: false).Run("counting", () => 7);

        Assert.Equal(7, result);
        Assert.StartsWith("\rspeedup: counting ... 0 s", error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(" \r", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfAStepThatTells_ShowsHowFarItIs()
    {
        using var error = new LockedWriter();
        var progress = new ProgressLine(new Terminal(TextWriter.Null, error, showsProgress: true), quiet: false);

        bool seen = progress.Run(
            "making it small",
            (ProgressLine.Detail detail) =>
            {
                detail.Report(new SpeedupProgress("verify", 2, 3, 9));
                return SpinWait.SpinUntil(() => error.Has("speedup: making it small: verify 3 of 9, attempt 2 ... "), Patience);
            }
        );
        bool counted = progress.Run(
            "measuring",
            (ProgressLine.Detail detail) =>
            {
                detail.Report(4, 20);
                return SpinWait.SpinUntil(() => error.Has("speedup: measuring: 4 of 20 ... "), Patience);
            }
        );

        Assert.True(seen);
        Assert.True(counted);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Run_OnAPipeOrQuietly_WritesNothing(bool showsProgress, bool quiet)
    {
        using var error = new StringWriter();
        var terminal = new Terminal(TextWriter.Null, error, showsProgress);

        new ProgressLine(terminal, quiet).Run("counting", () => 7);

        Assert.Equal("", error.ToString());
    }

    [Theory]
    [InlineData("graph", "loading the model", "loading plugins", "tracing")]
    [InlineData("example", "loading plugins", "fpgm")]
    [InlineData("plugins", "loading plugins")]
    public async Task Command_OnATerminal_ShowsEachLongPhase(string command, params string[] phases)
    {
        string[] args = command switch
        {
            "graph" => ["graph", "naive"],
            "example" => ["example", "fpgm", "--repeat", "1", "--times", "1"],
            _ => [command],
        };

        string shown = await Run(showsProgress: true, [.. args, "--plugins", Repository.Plugins]);
        string quiet = await Run(showsProgress: true, [.. args, "--quiet", "--plugins", Repository.Plugins]);
        string onPipe = await Run(showsProgress: false, [.. args, "--plugins", Repository.Plugins]);

        Assert.All(phases, phase => Assert.Contains($"speedup: {phase} ... 0 s", shown, StringComparison.Ordinal));
        Assert.Equal("", quiet);
        Assert.Equal("", onPipe);
    }

    private static async Task<string> Run(bool showsProgress, string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await new SpeedupTool(new Terminal(output, error, showsProgress)).RunAsync(args, TestContext.Current.CancellationToken);
        Assert.True(code == 0, error.ToString());
        return error.ToString();
    }

    /// <summary>Written to by a timer while a test looks.</summary>
    private sealed class LockedWriter : StringWriter
    {
        public override void Write(string? value)
        {
            lock (this)
                base.Write(value);
        }

        public bool Has(string text)
        {
            lock (this)
                return ToString().Contains(text, StringComparison.Ordinal);
        }
    }
}
