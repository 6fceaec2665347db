using static TorchSharp.torch;

namespace Speedup.Core.Backends;

/// <summary>
/// Guards against a fault of libtorch 2.10 (oneDNN 3.7.1) that was met on some x64 processors: a float32 convolution whose input
/// channels are more than 16 and no multiple of 16 reads the padding of a blocked layout that nobody has cleared, and so computes
/// with whatever the memory held. Pruned networks have such channel counts almost always, dense ones hardly ever.
/// </summary>
public static class CpuConvolution
{
    private const double Tolerance = 1e-3;
    private static readonly long[] ChannelCounts = [20, 33];

    /// <summary>Compares convolutions in float32 with float64, and turns oneDNN off in this process where they differ.</summary>
    /// <returns>What was found. Calling it again is cheap and gives <see cref="BackendStatus.Sound"/> once they agree.</returns>
    public static BackendStatus EnsureSound()
    {
        if (AgreesWithFloat64())
            return BackendStatus.Sound;
        return OneDnn.TryDisable() && AgreesWithFloat64() ? BackendStatus.OneDnnOff : BackendStatus.Unsound;
    }

    /// <summary>Whether float32 convolutions agree with float64; changes nothing.</summary>
    public static bool AgreesWithFloat64()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return Array.TrueForAll(ChannelCounts, Agrees);
    }

    private static bool Agrees(long channels)
    {
        using var scope = NewDisposeScope();
        Tensor input = Pattern(8, channels, 12, 12);
        Tensor weight = Pattern(24, channels, 5, 5);
        Tensor exact = nn.functional.conv2d(input.to(ScalarType.Float64), weight.to(ScalarType.Float64));
        SoilMemory(input);
        double error = (nn.functional.conv2d(input, weight).to(ScalarType.Float64) - exact).abs().max().item<double>();
        return error <= Tolerance * exact.abs().max().item<double>(); // false for NaN, too
    }

    /// <summary>Fixed numbers between -1 and 1, so that the caller's random generator is left alone.</summary>
    private static Tensor Pattern(params long[] shape) =>
        arange(shape.Aggregate(1L, (a, b) => a * b), dtype: ScalarType.Float32).mul(0.7).sin().reshape(shape);

    /// <summary>Leaves freed memory full of NaN behind, which a computation that clears what it reads does not see.</summary>
    private static void SoilMemory(Tensor input)
    {
        for (long factor = 1; factor <= 2; factor++)
            full(input.numel() * factor, float.NaN).Dispose();
    }
}
