namespace Speedup.Cli;

/// <summary>Says in a few lines why a command failed.</summary>
internal sealed class ErrorReporter(TextWriter error)
{
    /// <summary>Writes an exception for people.</summary>
    /// <param name="exception">What ended the command.</param>
    /// <param name="verbose">Whether to add the stack trace.</param>
    /// <returns>The exit code that belongs to it.</returns>
    public int Report(Exception exception, bool verbose)
    {
        if (exception is OperationCanceledException)
        {
            error.WriteLine("speedup: stopped; no model was changed.");
            return ExitCode.Cancelled;
        }
        error.WriteLine($"speedup: {exception.Message}");
        for (Exception? inner = exception.InnerException; inner is not null; inner = inner.InnerException)
            error.WriteLine($"  because: {FirstLine(inner.Message)}");
        if (IsNativeFailure(exception))
            error.WriteLine("  The native library of TorchSharp did not load; `speedup doctor` explains what is missing on this machine.");
        if (verbose)
            error.WriteLine(exception);
        return exception is UsageException ? ExitCode.BadUsage : ExitCode.Failure;
    }

    /// <summary>TorchSharp puts pages of trace into a message; <c>--verbose</c> shows them.</summary>
    private static string FirstLine(string message) =>
        message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "no message";

    private static bool IsNativeFailure(Exception? exception) =>
        exception is DllNotFoundException or TypeInitializationException
        || (exception?.InnerException is { } inner && IsNativeFailure(inner));
}
