using System.Diagnostics;
using System.Diagnostics.Metrics;
using Speedup.Core.Reporting;
using static TorchSharp.torch;

namespace Speedup.Core.Monitoring;

/// <summary>
/// What a host can watch speedups by: the activity source and the meter named <c>Speedup</c>. Without a listener it costs nothing. docs/monitoring.md lists
/// names, units and tags.
/// </summary>
internal static class SpeedupTelemetry
{
    private const string Name = "Speedup";
    private const string Done = "done";
    private const string Failed = "failed";
    private const string Cancelled = "cancelled";
    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "speedup.duration",
        "s",
        "Time of a speedup, verification included; 'outcome' is done, failed or cancelled."
    );
    private static readonly Histogram<double> PhaseDuration = Meter.CreateHistogram<double>(
        "speedup.phase.duration",
        "s",
        "Time of one run of the phase that 'phase' names."
    );
    private static readonly UpDownCounter<int> Active = Meter.CreateUpDownCounter<int>(
        "speedup.active",
        "{speedup}",
        "Speedups that are running now."
    );
    private static readonly Histogram<int> Attempts = Meter.CreateHistogram<int>(
        "speedup.attempts",
        "{attempt}",
        "Small models that a speedup has tried, the one that is right included."
    );
    private static readonly Counter<long> ParametersRemoved = Meter.CreateCounter<long>(
        "speedup.parameters.removed",
        "{parameter}",
        "Parameters that models have lost."
    );
    private static readonly Counter<long> MacsRemoved = Meter.CreateCounter<long>(
        "speedup.macs.removed",
        "{mac}",
        "Multiply-accumulate operations that one pass on the example input takes less."
    );

    /// <summary>Runs a speedup in an activity, and measures it.</summary>
    /// <param name="model">The model; its class is a tag.</param>
    /// <param name="speedup">The speedup.</param>
    /// <param name="cancellation">What cancels it: an exception after that is no fault.</param>
    public static SpeedupReport Watch(nn.Module model, Func<SpeedupReport> speedup, CancellationToken cancellation)
    {
        using Activity? activity = Source.StartActivity("speedup");
        activity?.SetTag("speedup.model", model?.GetType().FullName);
        long start = Stopwatch.GetTimestamp();
        string outcome = Failed;
        Active.Add(1);
        try
        {
            SpeedupReport report = speedup();
            outcome = Done;
            ParametersRemoved.Add(report.ParametersBefore - report.ParametersAfter);
            MacsRemoved.Add(report.MacsBefore - report.MacsAfter);
            Attempts.Record(report.Attempts.Count + 1);
            Describe(activity, report);
            return report;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            outcome = Cancelled;
            throw;
        }
        catch (Exception cause)
        {
            activity?.SetStatus(ActivityStatusCode.Error, cause.Message);
            activity?.SetTag("error.type", (cause as Abstractions.SpeedupException)?.Code ?? cause.GetType().FullName);
            throw;
        }
        finally
        {
            activity?.SetTag("speedup.outcome", outcome);
            Active.Add(-1);
            Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    /// <summary>Starts the activity of one run of a phase, within that of its speedup; null where nobody listens.</summary>
    public static Activity? StartPhase(string phase, int attempt)
    {
        Activity? activity = Source.StartActivity($"speedup.{phase}");
        activity?.SetTag("speedup.attempt", attempt);
        return activity;
    }

    /// <summary>Measures one run of a phase.</summary>
    public static void RecordPhase(string phase, TimeSpan elapsed) =>
        PhaseDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("phase", phase));

    private static void Describe(Activity? activity, SpeedupReport report)
    {
        activity?.SetTag("speedup.attempts", report.Attempts.Count + 1);
        activity?.SetTag("speedup.parameters.before", report.ParametersBefore);
        activity?.SetTag("speedup.parameters.after", report.ParametersAfter);
        activity?.SetTag("speedup.macs.before", report.MacsBefore);
        activity?.SetTag("speedup.macs.after", report.MacsAfter);
        activity?.SetTag("speedup.error", report.Verification.MaxRelativeError);
        foreach (PhaseTime phase in report.Phases)
            activity?.SetTag($"speedup.phase.{phase.Phase}", phase.Elapsed.TotalSeconds);
    }
}
