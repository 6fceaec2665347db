using System.Diagnostics;
using Speedup.Core.Reporting;

namespace Speedup.Core.Monitoring;

/// <summary>Runs the phases of one speedup: adds up their times, and tells who watches how far they are.</summary>
/// <param name="progress">Told of every step, on the thread of the speedup; null where nobody wants to know.</param>
/// <param name="cancellation">Looked at before each phase and with every step.</param>
internal sealed class PhaseClock(IProgress<SpeedupProgress>? progress, CancellationToken cancellation)
{
    private readonly List<PhaseTime> _phases = [];
    private int _attempt;

    /// <summary>Phases in order of their first run.</summary>
    public IReadOnlyList<PhaseTime> Phases => _phases;

    /// <summary>Another small model is tried from now on.</summary>
    public void BeginAttempt() => _attempt++;

    /// <summary>Runs and times a phase that has no result.</summary>
    public void Run(string phase, Action action) =>
        Run(
            phase,
            () =>
            {
                action();
                return true;
            }
        );

    /// <summary>Runs and times a phase of one step.</summary>
    public T Run<T>(string phase, Func<T> action) => Run(phase, _ => action());

    /// <summary>Runs and times a phase; a phase that runs again adds to its time.</summary>
    /// <exception cref="OperationCanceledException">Somebody has cancelled the speedup.</exception>
    public T Run<T>(string phase, Func<PhaseSteps, T> action)
    {
        cancellation.ThrowIfCancellationRequested();
        var steps = new PhaseSteps((done, total) => progress?.Report(new SpeedupProgress(phase, _attempt, done, total)), cancellation);
        using Activity? activity = SpeedupTelemetry.StartPhase(phase, _attempt);
        long start = Stopwatch.GetTimestamp();
        try
        {
            steps.Expect(1);
            T result = action(steps);
            steps.End();
            return result;
        }
        finally
        {
            Add(phase, Stopwatch.GetElapsedTime(start));
        }
    }

    private void Add(string phase, TimeSpan elapsed)
    {
        SpeedupTelemetry.RecordPhase(phase, elapsed);
        int at = _phases.FindIndex(known => known.Phase == phase);
        if (at < 0)
            _phases.Add(new PhaseTime(phase, elapsed));
        else
            _phases[at] = _phases[at] with { Elapsed = _phases[at].Elapsed + elapsed };
    }
}
