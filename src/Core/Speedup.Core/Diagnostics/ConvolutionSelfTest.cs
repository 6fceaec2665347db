using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Diagnostics;

/// <summary>Convolutions whose channel counts leave vector registers partly filled, in float32 against float64.</summary>
internal static class ConvolutionSelfTest
{
    private const long Seed = 7;
    private static readonly (long In, long Out, long Kernel)[] Cases =
    [
        (20, 50, 5),
        (20, 16, 3),
        (24, 16, 3),
        (40, 40, 3),
        (12, 16, 3),
        (13, 7, 3),
        (10, 25, 5),
    ];

    /// <summary>The largest relative error; infinite where a result is not finite.</summary>
    public static double WorstError()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(Seed, CPU);
        return Cases.Max(test => ErrorOf(test.In, test.Out, test.Kernel, generator));
    }

    private static double ErrorOf(long input, long output, long kernel, Generator generator)
    {
        using var scope = NewDisposeScope();
        Tensor x = randn([2, input, 12, 12], generator: generator);
        Tensor weight = randn([output, input, kernel, kernel], generator: generator);
        Dirty(x.numel());
        Tensor single = nn.functional.conv2d(x, weight).to(ScalarType.Float64);
        Tensor exact = nn.functional.conv2d(x.to(ScalarType.Float64), weight.to(ScalarType.Float64));
        double error = ((single - exact).abs().max() / exact.abs().max()).ToDouble();
        return double.IsFinite(error) ? error : double.PositiveInfinity;
    }

    /// <summary>Leaves memory behind that is not zero, since zeros would hide the fault.</summary>
    private static void Dirty(long elements)
    {
        using Tensor garbage = full([4 * elements], float.NaN);
    }
}
