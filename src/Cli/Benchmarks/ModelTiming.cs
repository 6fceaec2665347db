using System.Diagnostics;
using Speedup.Cli.UserModels;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Latency;
using static TorchSharp.torch;

namespace Speedup.Cli.Benchmarks;

/// <summary>
/// Measures models on one input: the median of passes in which they take turns, so that a busy moment of the machine meets all of them. Layers are timed in
/// passes of their own.
/// </summary>
/// <param name="inputs">The input.</param>
/// <param name="passes">Passes of each model, after those that warm it up.</param>
/// <param name="tell">Told how many rounds are done, of how many.</param>
/// <param name="cancellation">Cancels between passes.</param>
internal sealed class ModelTiming(IReadOnlyList<Tensor> inputs, int passes, Action<int, int> tell, CancellationToken cancellation)
{
    private const int WarmUpPasses = 2;

    /// <summary>One of all models together, and one of the layers of each model.</summary>
    private const int Sweeps = 3;
    private int _rounds;

    /// <summary>Measures a model, with masks if there are any, and its small form.</summary>
    public BenchResult Measure(nn.Module dense, nn.Module small, MaskSet? masks)
    {
        var call = new UserModelCall(dense, inputs);
        var smallCall = new UserModelCall(small, inputs);
        (Tensor Parameter, Tensor Mask)[] masked = [.. Pair(dense, masks)];
        double[][] times = [new double[passes], new double[passes], new double[passes]];
        for (int pass = -WarmUpPasses; pass < passes; pass++)
        {
            double[] one =
            [
                Time(call.Run),
                Time(() =>
                {
                    foreach ((Tensor parameter, Tensor mask) in masked)
                        parameter.mul_(mask);
                    call.Run();
                }),
                Time(smallCall.Run),
            ];
            for (int model = 0; pass >= 0 && model < one.Length; model++)
                times[model][pass] = one[model];
            EndRound();
        }
        return new BenchResult(
            Medians.Of(times[0]),
            masks is null ? null : Medians.Of(times[1]),
            Medians.Of(times[2]),
            CompareLayers(Layers(dense, call), Layers(small, smallCall))
        );
    }

    private static IEnumerable<(Tensor Parameter, Tensor Mask)> Pair(nn.Module model, MaskSet? masks)
    {
        Dictionary<string, Tensor> tensors = model.state_dict();
        foreach (MaskEntry entry in masks?.Entries ?? [])
        {
            Tensor parameter = tensors[entry.ModulePath.Length == 0 ? entry.Parameter : $"{entry.ModulePath}.{entry.Parameter}"];
            yield return (parameter, entry.Mask.to(parameter.dtype));
        }
    }

    private IReadOnlyDictionary<string, (string Type, double Milliseconds)> Layers(nn.Module model, UserModelCall call)
    {
        using var clock = new LayerClock(model);
        for (int pass = -WarmUpPasses; pass < passes; pass++)
        {
            if (pass == 0)
                clock.Reset();
            Time(call.Run);
            clock.EndPass();
            EndRound();
        }
        return clock.Read();
    }

    private void EndRound() => tell(++_rounds, Sweeps * (passes + WarmUpPasses));

    private static IReadOnlyList<LayerTime> CompareLayers(
        IReadOnlyDictionary<string, (string Type, double Milliseconds)> dense,
        IReadOnlyDictionary<string, (string Type, double Milliseconds)> small
    ) =>
        [
            .. dense
                .Select(layer => new LayerTime(
                    layer.Key,
                    layer.Value.Type,
                    layer.Value.Milliseconds,
                    small.TryGetValue(layer.Key, out var other) ? other.Milliseconds : null
                ))
                .OrderByDescending(layer => layer.DenseMilliseconds),
        ];

    private double Time(Action pass)
    {
        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        long start = Stopwatch.GetTimestamp();
        pass();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
