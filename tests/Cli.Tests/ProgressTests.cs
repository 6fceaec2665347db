using Speedup.Cli.Terminals;
using Xunit;

namespace Cli.Tests;

public sealed class ProgressTests
{
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
}
