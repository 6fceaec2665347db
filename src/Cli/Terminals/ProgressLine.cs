using System.Diagnostics;
using System.Globalization;
using Speedup.Core.Monitoring;

namespace Speedup.Cli.Terminals;

/// <summary>Shows on a terminal what a command is at, how far, and since when; nothing on a pipe, or where nobody wants it.</summary>
internal sealed class ProgressLine(Terminal terminal, bool quiet)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private bool IsShown => terminal.ShowsProgress && !quiet;

    /// <summary>Runs a step.</summary>
    /// <param name="what">What it does, such as <c>loading the model</c>.</param>
    /// <param name="step">The step.</param>
    public T Run<T>(string what, Func<T> step) => Run(what, (Detail _) => step());

    /// <summary>Runs a step that tells how far it is.</summary>
    /// <param name="what">What it does.</param>
    /// <param name="step">The step; it may tell on any thread.</param>
    public T Run<T>(string what, Func<Detail, T> step)
    {
        var detail = new Detail();
        if (!IsShown)
            return step(detail);
        var clock = Stopwatch.StartNew();
        Show();
        using var timer = new Timer(_ => Show(), null, Interval, Interval);
        try
        {
            return step(detail);
        }
        finally
        {
            detail.End(terminal.ClearProgress);
        }

        void Show() => detail.IfRunning(text => terminal.WriteProgress(Line(what, text, clock.Elapsed)));
    }

    private static string Line(string what, string detail, TimeSpan elapsed) =>
        string.Create(CultureInfo.InvariantCulture, $"speedup: {what}{detail} ... {elapsed.TotalSeconds:0} s");

    /// <summary>How far a step is.</summary>
    internal sealed class Detail : IProgress<SpeedupProgress>
    {
        private readonly Lock _writing = new();
        private string _text = "";
        private bool _hasEnded;

        /// <summary>Tells how far a speedup is.</summary>
        public void Report(SpeedupProgress value) =>
            Tell(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $": {value.Phase} {value.Done} of {value.Total}{(value.Attempt > 1 ? $", attempt {value.Attempt}" : "")}"
                )
            );

        /// <summary>Tells how many passes are done.</summary>
        public void Report(int done, int total) => Tell(string.Create(CultureInfo.InvariantCulture, $": {done} of {total}"));

        /// <summary>Tells what is going on, in a few words.</summary>
        public void Report(string what) => Tell($": {what}");

        /// <summary>Shows the text, unless the step has ended.</summary>
        public void IfRunning(Action<string> show)
        {
            lock (_writing)
            {
                if (!_hasEnded)
                    show(_text);
            }
        }

        /// <summary>Ends the step; nothing is shown from now on.</summary>
        public void End(Action clear)
        {
            lock (_writing)
            {
                _hasEnded = true;
                clear();
            }
        }

        private void Tell(string text)
        {
            lock (_writing)
                _text = text;
        }
    }
}
