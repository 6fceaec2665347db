using System.Diagnostics;
using Speedup.Core.Tracing;
using static TorchSharp.torch;

namespace Speedup.Pruning.Latency;

/// <summary>Times passes of a model as it is now.</summary>
internal static class PassTimes
{
    private const int WarmUpPasses = 2;

    /// <summary>Median seconds of a pass.</summary>
    public static double Measure(nn.Module model, IReadOnlyList<Tensor> inputs, int passes, CancellationToken cancellation) =>
        Medians.Of(Run(model, inputs, passes, () => { }, cancellation));

    /// <summary>Median seconds of a pass, and of each layer in it.</summary>
    public static (double Pass, IReadOnlyDictionary<string, double> Layers) MeasureLayers(
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        int passes,
        CancellationToken cancellation
    )
    {
        using var clock = new LayerClock(model);
        double pass = Medians.Of(Run(model, inputs, passes, clock.EndPass, cancellation));
        return (pass, clock.Read().ToDictionary(layer => layer.Key, layer => layer.Value.Milliseconds / 1000));
    }

    private static List<double> Run(nn.Module model, IReadOnlyList<Tensor> inputs, int passes, Action end, CancellationToken cancellation)
    {
        using IDisposable noGradients = no_grad();
        var times = new List<double>();
        for (int pass = -WarmUpPasses; pass < passes; pass++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            Tensor[] copies = ModelCall.Copy(inputs);
            long start = Stopwatch.GetTimestamp();
            ModelCall.Run(model, copies);
            if (pass >= 0)
                times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            end();
        }
        return times;
    }
}
