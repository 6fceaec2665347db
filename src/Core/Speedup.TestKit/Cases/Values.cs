using static TorchSharp.torch;

namespace Speedup.TestKit.Cases;

/// <summary>Random tensors from a seed of their own: the global generator is left alone, and other threads do not disturb.</summary>
internal sealed class Values(Random random)
{
    /// <summary>The generator.</summary>
    public Random Random => random;

    /// <summary>Normally distributed numbers that float32 holds exactly.</summary>
    public Tensor Normal(IReadOnlyList<long> shape, ScalarType type, double scale = 1) => Fill(shape, type, () => scale * NextNormal());

    /// <summary>Numbers from an interval.</summary>
    public Tensor Uniform(IReadOnlyList<long> shape, ScalarType type, double low, double high) =>
        Fill(shape, type, () => low + ((high - low) * random.NextDouble()));

    /// <summary>Indices below a limit.</summary>
    public Tensor Indices(IReadOnlyList<long> shape, long limit) => Fill(shape, ScalarType.Int64, () => random.NextInt64(limit));

    /// <summary>Zeros and ones.</summary>
    public Tensor Mask(IReadOnlyList<long> shape, ScalarType type, double zeros) =>
        Fill(shape, type, () => random.NextDouble() < zeros ? 0 : 1);

    private static Tensor Fill(IReadOnlyList<long> shape, ScalarType type, Func<double> next)
    {
        double[] values = new double[shape.Aggregate(1L, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)next();
        return tensor(values, [.. shape], dtype: type);
    }

    private double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
