using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Cli.Examples;

/// <summary>
/// Times the masked and the small model. Both are warmed up; a row is the median over the repetitions of the seconds that so
/// many passes take together, and the two models take turns, so that a busy moment of the machine meets both.
/// </summary>
internal sealed class LatencyMeasurement(int repeat, IReadOnlyList<int> times, Device device)
{
    private const int WarmUpPasses = 2;

    /// <summary>Measures every row.</summary>
    public IReadOnlyList<LatencyRow> Measure(Func<Tensor> masked, Func<Tensor> speedup, CancellationToken cancellation)
    {
        using var _ = no_grad();
        Seconds(masked, WarmUpPasses, cancellation);
        Seconds(speedup, WarmUpPasses, cancellation);
        return [.. times.Select(count => MeasureRow(masked, speedup, count, cancellation))];
    }

    private LatencyRow MeasureRow(Func<Tensor> masked, Func<Tensor> speedup, int count, CancellationToken cancellation)
    {
        var maskedSeconds = new double[repeat];
        var speedupSeconds = new double[repeat];
        for (int i = 0; i < repeat; i++)
        {
            maskedSeconds[i] = Seconds(masked, count, cancellation);
            speedupSeconds[i] = Seconds(speedup, count, cancellation);
        }
        return new LatencyRow(count, Median(maskedSeconds), Median(speedupSeconds));
    }

    private double Seconds(Func<Tensor> pass, int count, CancellationToken cancellation)
    {
        Synchronize();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            pass();
        }
        Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void Synchronize()
    {
        if (device.type == DeviceType.CUDA)
            cuda.synchronize(device);
    }

    internal static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
