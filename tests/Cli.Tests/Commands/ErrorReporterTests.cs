using Speedup.Abstractions;
using Speedup.Cli.Terminals;
using Xunit;

namespace Cli.Tests.Commands;

public sealed class ErrorReporterTests
{
    [Fact]
    public void Report_OfACancellation_Is130()
    {
        var (code, text) = Report(new OperationCanceledException());

        Assert.Equal(130, code);
        Assert.Contains("stopped", text, StringComparison.Ordinal);
    }

    /// <summary>A message may name what a file, a type or a folder is called.</summary>
    [Fact]
    public void Report_OfNamesThatSteerTheTerminal_WritesNoneOfIt()
    {
        var (_, text) = Report(new IOException("a\u001b[2J\u202eb\u009bc\nsecond line", new IOException("\u0007inner")));

        Assert.Contains("speedup: a?[2J?b?c\nsecond line", text, StringComparison.Ordinal);
        Assert.Contains("because: ?inner", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfASpeedupError_WritesCodeAndCauses()
    {
        var error = new SpeedupException("SPD1001", "Masks do not fit.", new InvalidOperationException("48 channels, not 64"));

        var (code, text) = Report(error);

        Assert.Equal(1, code);
        Assert.Contains("speedup: SPD1001: Masks do not fit.", text, StringComparison.Ordinal);
        Assert.Contains("because: 48 channels, not 64", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfANativeFailure_PointsToTheDoctor()
    {
        var error = new TypeInitializationException("TorchSharp.torch", new DllNotFoundException("libLibTorchSharp"));

        var (code, text) = Report(error);

        Assert.Equal(1, code);
        Assert.Contains("speedup doctor", text, StringComparison.Ordinal);
    }

    private static (int Code, string Text) Report(Exception exception)
    {
        using var writer = new StringWriter();
        int code = new ErrorReporter(writer).Report(exception, verbose: false);
        return (code, writer.ToString());
    }
}
