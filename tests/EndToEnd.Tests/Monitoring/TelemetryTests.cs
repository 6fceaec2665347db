using System.Diagnostics;
using System.Diagnostics.Metrics;
using Speedup.Abstractions;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Monitoring;

/// <summary>What a host sees of speedups without asking for it: an activity and measurements each.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly List<Activity> _activities = [];
    private readonly List<(string Instrument, double Value, string? Tag)> _measured = [];
    private readonly ActivityListener _activityListener;
    private readonly MeterListener _meterListener = new();

    public TelemetryTests()
    {
        _activityListener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Speedup",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = _activities.Add,
        };
        ActivitySource.AddActivityListener(_activityListener);
        _meterListener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Speedup")
                listener.EnableMeasurementEvents(instrument);
        };
        _meterListener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meterListener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meterListener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meterListener.Start();
    }

    public void Dispose()
    {
        _activityListener.Dispose();
        _meterListener.Dispose();
    }

    [Fact]
    public void Speedup_ThatSucceeds_IsAnActivityWithItsFigures()
    {
        SpeedupReport report = Speed(new SpeedupOptions());

        Activity activity = Whole();
        Assert.Equal(typeof(SmallNetworks.Plain).FullName, activity.GetTagItem("speedup.model"));
        Assert.Equal("done", activity.GetTagItem("speedup.outcome"));
        Assert.Equal(report.ParametersAfter, activity.GetTagItem("speedup.parameters.after"));
        Assert.Contains(activity.TagObjects, tag => tag.Key == "speedup.phase.trace");
        Assert.Equal(1, activity.GetTagItem("speedup.attempts"));
        Assert.Equal(ActivityStatusCode.Unset, activity.Status);
        Assert.Equal("done", Single("speedup.duration").Tag);
        Assert.Equal(report.ParametersBefore - report.ParametersAfter, Single("speedup.parameters.removed").Value);
        Assert.Equal(report.MacsBefore - report.MacsAfter, Single("speedup.macs.removed").Value);
        Assert.Equal(1, Single("speedup.attempts").Value);
    }

    [Fact]
    public void Speedup_HasAnActivityAndATimeForEachRunOfAPhase()
    {
        SpeedupReport report = Speed(new SpeedupOptions());

        Activity whole = Whole();
        Activity[] phases = [.. _activities.Where(activity => activity != whole)];
        Assert.All(phases, activity => Assert.Equal(whole.SpanId, activity.ParentSpanId));
        IEnumerable<string> names = report.Phases.Select(phase => $"speedup.{phase.Phase}");
        Assert.Equal(names.Order(), phases.Select(activity => activity.OperationName).Distinct().Order());
        Assert.Equal(1, phases.Single(activity => activity.OperationName == "speedup.verify").GetTagItem("speedup.attempt"));
        foreach (PhaseTime phase in report.Phases)
        {
            double measured = _measured
                .Where(entry => entry.Instrument == "speedup.phase.duration" && entry.Tag == phase.Phase)
                .Sum(entry => entry.Value);
            Assert.Equal(phase.Elapsed.TotalSeconds, measured, 1e-3);
        }
    }

    [Fact]
    public void Speedup_WhileItRuns_CountsAsActive()
    {
        double during = 0;
        var watcher = new Watcher(step => during = Math.Max(during, ActiveNow()));

        Speed(new SpeedupOptions { Progress = watcher });

        Assert.Equal((1, 0), (during, ActiveNow()));
    }

    [Fact]
    public void Speedup_ThatFails_IsAnActivityWithTheError()
    {
        var error = Assert.Throws<SpeedupException>(() => Speed(new SpeedupOptions { Tolerance = -1 }));

        Activity activity = Whole();
        Assert.Equal("failed", activity.GetTagItem("speedup.outcome"));
        Assert.Equal("SPD6001", activity.GetTagItem("error.type"));
        Assert.Equal((ActivityStatusCode.Error, error.Message), (activity.Status, activity.StatusDescription));
        Assert.Equal("failed", Single("speedup.duration").Tag);
        Assert.DoesNotContain(_measured, entry => entry.Instrument == "speedup.parameters.removed");
    }

    [Fact]
    public void Speedup_ThatIsCancelled_IsNoError()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => Speed(new SpeedupOptions(), source.Token));

        Activity activity = Whole();
        Assert.Equal("cancelled", activity.GetTagItem("speedup.outcome"));
        Assert.Equal(ActivityStatusCode.Unset, activity.Status);
        Assert.Equal("cancelled", Single("speedup.duration").Tag);
    }

    private static SpeedupReport Speed(SpeedupOptions options, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 1);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 3, 5));
        return Engine.Shared.Speedup(model, [randn(2, 3, 9, 9)], masks, options, cancellation);
    }

    private Activity Whole() => Assert.Single(_activities, activity => activity.OperationName == "speedup");

    private (string Instrument, double Value, string? Tag) Single(string instrument) =>
        Assert.Single(_measured, entry => entry.Instrument == instrument);

    private double ActiveNow() => _measured.Where(entry => entry.Instrument == "speedup.active").Sum(entry => entry.Value);

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Add((instrument.Name, value, tags.IsEmpty ? null : (string?)tags[0].Value));
}
