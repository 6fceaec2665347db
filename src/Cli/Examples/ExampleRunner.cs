using Speedup.Core.Monitoring;
using Speedup.Core.Pipeline;

namespace Speedup.Cli.Examples;

/// <summary>Runs an example: makes the network smaller, then times it against the masked one.</summary>
internal sealed class ExampleRunner(IModelSpeedup speedup)
{
    /// <summary>Runs one example.</summary>
    /// <param name="example">The example.</param>
    /// <param name="settings">How it is run.</param>
    /// <param name="progress">Told how far the speedup is; null where nobody wants to know.</param>
    /// <param name="cancellation">Cancels the speedup, or between passes.</param>
    public ExampleResult Run(
        ExampleDefinition example,
        ExampleSettings settings,
        IProgress<SpeedupProgress>? progress,
        CancellationToken cancellation
    )
    {
        using var prepared = new ExamplePreparation(example, settings).Prepare();
        var options = new SpeedupOptions { Policy = settings.Policy, Progress = progress };
        var report = speedup.Speedup(prepared.Small, [prepared.Input], prepared.Masks, options, cancellation);
        using var masked = new MaskedForward(prepared.Dense, prepared.Masks);
        var latency = new LatencyMeasurement(settings.Repeat, settings.Times, prepared.Input.device).Measure(
            () => masked.Forward(prepared.Input),
            () => prepared.Small.forward(prepared.Input),
            cancellation
        );
        return new ExampleResult(example, settings, latency, report);
    }
}
