using System.Diagnostics;
using Speedup.Core.Reporting;

namespace Speedup.Core.Search;

/// <summary>Adds up wall-clock time by phase.</summary>
internal sealed class PhaseClock
{
    private readonly List<PhaseTime> _phases = [];

    /// <summary>Phases in order of their first run.</summary>
    public IReadOnlyList<PhaseTime> Phases => _phases;

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

    /// <summary>Runs and times a phase; a phase that runs again adds to its time.</summary>
    public T Run<T>(string phase, Func<T> action)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            return action();
        }
        finally
        {
            int at = _phases.FindIndex(known => known.Phase == phase);
            if (at < 0)
                _phases.Add(new PhaseTime(phase, watch.Elapsed));
            else
                _phases[at] = _phases[at] with { Elapsed = _phases[at].Elapsed + watch.Elapsed };
        }
    }
}
