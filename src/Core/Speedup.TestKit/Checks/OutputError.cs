using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>How far outputs are apart.</summary>
internal static class OutputError
{
    /// <summary>Largest difference, relative to the largest finite value; infinite where shapes, NaN or infinities differ.</summary>
    public static double Between(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual) =>
        expected.Count != actual.Count ? double.PositiveInfinity : expected.Zip(actual, Between).DefaultIfEmpty(0).Max();

    private static double Between(Tensor expected, Tensor actual)
    {
        if (expected.dtype != actual.dtype || !expected.shape.AsSpan().SequenceEqual(actual.shape))
            return double.PositiveInfinity;
        if (!expected.is_floating_point())
            return expected.eq(actual).all().item<bool>() ? 0 : double.PositiveInfinity;
        using var scope = NewDisposeScope();
        Tensor finite = expected.isfinite() & actual.isfinite();
        Tensor same = finite | expected.eq(actual) | (expected.ne(expected) & actual.ne(actual));
        if (!same.all().item<bool>())
            return double.PositiveInfinity;
        Tensor zero = zeros_like(expected);
        double difference = where(finite, expected - actual, zero).abs().max().to(ScalarType.Float64).item<double>();
        double size = where(finite, expected, zero).abs().max().to(ScalarType.Float64).item<double>();
        return size > 0 ? difference / size : difference;
    }
}
