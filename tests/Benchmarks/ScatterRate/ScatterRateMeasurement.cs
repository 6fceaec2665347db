using System.Diagnostics;
using System.Globalization;
using Speedup.Modules.Pruned;
using static TorchSharp.torch;

namespace Benchmarks.ScatterRate;

/// <summary>
/// How many multiply-accumulates take as long as scattering one element of an output: the rate by which the planner tells whether a
/// scattered module pays. Convolution and scatter are measured by turns.
/// </summary>
internal sealed class ScatterRateMeasurement(int repeat, int threads)
{
    private static readonly (long Batch, long Channels, long Size, long Kernel)[] Shapes =
    [
        (1, 64, 56, 3),
        (8, 64, 56, 3),
        (8, 256, 28, 1),
        (8, 256, 14, 3),
        (8, 512, 7, 3),
        (1, 512, 7, 1),
        (64, 32, 16, 3),
    ];

    /// <summary>Measures, and writes a line a shape.</summary>
    public void Run(TextWriter output)
    {
        set_num_threads(threads);
        using var noGradients = no_grad();
        var rates = new List<double>();
        output.WriteLine("output           kernel   ns a MAC   ns an element   MACs an element");
        foreach ((long batch, long channels, long size, long kernel) in Shapes)
        {
            using var scope = NewDisposeScope();
            using var convolution = nn.Conv2d(channels, channels, kernel, padding: kernel / 2);
            using var scatter = new ScatteredOutput(nn.Identity(), 1, arange(0, channels, 2), rand(channels));
            Tensor input = randn(batch, channels, size, size);
            Tensor narrow = randn(batch, channels / 2, size, size);
            double computing = double.MaxValue;
            double moving = double.MaxValue;
            for (int run = 0; run < repeat; run++)
            {
                computing = Math.Min(computing, Time(convolution, input));
                moving = Math.Min(moving, Time(scatter, narrow));
            }
            double elements = batch * channels * size * size;
            double perMac = computing / (elements * channels * kernel * kernel);
            double perElement = moving / elements;
            rates.Add(perElement / perMac);
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{$"[{batch},{channels},{size},{size}]", -16} {kernel, 6} {perMac * 1e9, 10:F4} {perElement * 1e9, 15:F3} {rates[^1], 17:F0}"
                )
            );
        }
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"median {rates.Order().ElementAt(rates.Count / 2):F0} MACs an element")
        );
    }

    private static double Time(nn.Module<Tensor, Tensor> module, Tensor input)
    {
        long start = Stopwatch.GetTimestamp();
        using Tensor output = module.call(input);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
