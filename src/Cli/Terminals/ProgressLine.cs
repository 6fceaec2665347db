using System.Diagnostics;
using System.Globalization;

namespace Speedup.Cli.Terminals;

/// <summary>Shows on a terminal what a command is at, and since when; nothing on a pipe, or where nobody wants it.</summary>
internal sealed class ProgressLine(Terminal terminal, bool quiet)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private bool IsShown => terminal.ShowsProgress && !quiet;

    /// <summary>Runs a step.</summary>
    /// <param name="what">What it does, such as <c>loading the model</c>.</param>
    /// <param name="step">The step.</param>
    public T Run<T>(string what, Func<T> step)
    {
        if (!IsShown)
            return step();
        var clock = Stopwatch.StartNew();
        var writing = new Lock();
        bool ended = false;
        Write(what, clock.Elapsed);
        using var timer = new Timer(_ => Show(), null, Interval, Interval);
        try
        {
            return step();
        }
        finally
        {
            lock (writing)
            {
                ended = true;
                terminal.Error.Write($"\r{new string(' ', Line(what, clock.Elapsed).Length)}\r");
            }
        }

        void Show()
        {
            lock (writing)
            {
                if (!ended)
                    Write(what, clock.Elapsed);
            }
        }
    }

    private void Write(string what, TimeSpan elapsed) => terminal.Error.Write($"\r{Line(what, elapsed)}");

    private static string Line(string what, TimeSpan elapsed) =>
        string.Create(CultureInfo.InvariantCulture, $"speedup: {what} ... {elapsed.TotalSeconds:0} s");
}
