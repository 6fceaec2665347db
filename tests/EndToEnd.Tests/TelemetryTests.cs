using System.Diagnostics;
using System.Diagnostics.Metrics;
using Speedup.Abstractions;
using Speedup.Core.Masks;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>What a host sees of speedups without asking for it: an activity and measurements each.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly List<Activity> _activities = [];
    private readonly List<(string Instrument, double Value, string? Outcome)> _measured = [];
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

        Activity activity = Assert.Single(_activities);
        Assert.Equal(typeof(SmallNetworks.Plain).FullName, activity.GetTagItem("speedup.model"));
        Assert.Equal("done", activity.GetTagItem("speedup.outcome"));
        Assert.Equal(report.ParametersAfter, activity.GetTagItem("speedup.parameters.after"));
        Assert.Contains(activity.TagObjects, tag => tag.Key == "speedup.phase.trace");
        Assert.Equal(ActivityStatusCode.Unset, activity.Status);
        Assert.Equal("done", Assert.Single(_measured, entry => entry.Instrument == "speedup.duration").Outcome);
        Assert.Equal(
            report.ParametersBefore - report.ParametersAfter,
            Assert.Single(_measured, entry => entry.Instrument == "speedup.parameters.removed").Value
        );
    }

    [Fact]
    public void Speedup_ThatFails_IsAnActivityWithTheError()
    {
        var error = Assert.Throws<SpeedupException>(() => Speed(new SpeedupOptions { Tolerance = -1 }));

        Activity activity = Assert.Single(_activities);
        Assert.Equal("failed", activity.GetTagItem("speedup.outcome"));
        Assert.Equal((ActivityStatusCode.Error, error.Message), (activity.Status, activity.StatusDescription));
        Assert.Equal(("speedup.duration", "failed"), (Assert.Single(_measured).Instrument, _measured[0].Outcome));
    }

    [Fact]
    public void Speedup_ThatIsCancelled_IsNoError()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => Speed(new SpeedupOptions(), source.Token));

        Activity activity = Assert.Single(_activities);
        Assert.Equal("cancelled", activity.GetTagItem("speedup.outcome"));
        Assert.Equal(ActivityStatusCode.Unset, activity.Status);
        Assert.Equal("cancelled", Assert.Single(_measured).Outcome);
    }

    private static SpeedupReport Speed(SpeedupOptions options, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 1);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 3, 5));
        return Engine.Shared.Speedup(model, [randn(2, 3, 9, 9)], masks, options, cancellation);
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Add((instrument.Name, value, tags.IsEmpty ? null : (string?)tags[0].Value));
}
