using System.Globalization;

namespace Speedup.Cli.Terminals;

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
        error.WriteLine($"speedup: {Printable(exception.Message)}");
        for (Exception? inner = exception.InnerException; inner is not null; inner = inner.InnerException)
            error.WriteLine($"  because: {Printable(FirstLine(inner.Message))}");
        if (IsNativeFailure(exception))
            error.WriteLine("  The native library of TorchSharp did not load; `speedup doctor` explains what is missing on this machine.");
        if (verbose)
            error.WriteLine(Printable(exception.ToString()));
        return exception is UsageException ? ExitCode.BadUsage : ExitCode.Failure;
    }

    /// <summary>TorchSharp puts pages of trace into a message; <c>--verbose</c> shows them.</summary>
    private static string FirstLine(string message) =>
        message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "no message";

    /// <summary>Names from files and of types reach messages: what would steer the terminal, or turn the rest of the line around, is not written.</summary>
    private static string Printable(string message) =>
        string.Create(
            message.Length,
            message,
            static (safe, text) =>
            {
                for (int i = 0; i < text.Length; i++)
                    safe[i] = text[i] is '\n' or '\r' || IsPrintable(char.GetUnicodeCategory(text[i])) ? text[i] : '?';
            }
        );

    private static bool IsPrintable(UnicodeCategory category) =>
        category
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );

    private static bool IsNativeFailure(Exception? exception) =>
        exception is DllNotFoundException or TypeInitializationException
        || (exception?.InnerException is { } inner && IsNativeFailure(inner));
}
