using System.Diagnostics;
using System.Diagnostics.Metrics;
using Speedup.Core.Reporting;
using static TorchSharp.torch;

namespace Speedup.Core.Hosting;

/// <summary>What a host can watch speedups by: the activity source and the meter named <c>Speedup</c>. Without a listener it costs nothing.</summary>
internal static class SpeedupTelemetry
{
    private const string Name = "Speedup";
    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "speedup.duration",
        "s",
        "Time of a speedup, verification included; 'outcome' is done, failed or cancelled."
    );
    private static readonly Counter<long> Removed = Meter.CreateCounter<long>(
        "speedup.parameters.removed",
        "{parameter}",
        "Parameters that models have lost."
    );

    /// <summary>Runs a speedup in an activity, and measures it.</summary>
    public static SpeedupReport Watch(nn.Module model, Func<SpeedupReport> speedup)
    {
        using Activity? activity = Source.StartActivity("speedup");
        activity?.SetTag("speedup.model", model?.GetType().FullName);
        long start = Stopwatch.GetTimestamp();
        string outcome = "failed";
        try
        {
            SpeedupReport report = speedup();
            outcome = "done";
            Removed.Add(report.ParametersBefore - report.ParametersAfter);
            Describe(activity, report);
            return report;
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        catch (Exception cause)
        {
            activity?.SetStatus(ActivityStatusCode.Error, cause.Message);
            throw;
        }
        finally
        {
            activity?.SetTag("speedup.outcome", outcome);
            Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    private static void Describe(Activity? activity, SpeedupReport report)
    {
        activity?.SetTag("speedup.parameters.before", report.ParametersBefore);
        activity?.SetTag("speedup.parameters.after", report.ParametersAfter);
        activity?.SetTag("speedup.macs.before", report.MacsBefore);
        activity?.SetTag("speedup.macs.after", report.MacsAfter);
        activity?.SetTag("speedup.error", report.Verification.MaxRelativeError);
        foreach (PhaseTime phase in report.Phases)
            activity?.SetTag($"speedup.phase.{phase.Phase}", phase.Elapsed.TotalSeconds);
    }
}
