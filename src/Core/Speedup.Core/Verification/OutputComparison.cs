using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Verification;

/// <summary>Compares outputs.</summary>
internal static class OutputComparison
{
    /// <summary>
    /// The largest absolute difference divided by the largest absolute value of the expected tensor, over all outputs, computed in
    /// float64; infinite where shapes, counts or non-finite values differ.
    /// </summary>
    public static double RelativeError(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual)
    {
        if (expected.Count != actual.Count)
            return double.PositiveInfinity;
        double worst = 0;
        for (int i = 0; i < expected.Count; i++)
            worst = Math.Max(worst, RelativeError(expected[i], actual[i]));
        return worst;
    }

    private static double RelativeError(Tensor expected, Tensor actual)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        if (!expected.shape.SequenceEqual(actual.shape))
            return double.PositiveInfinity;
        if (expected.numel() == 0)
            return 0;
        Tensor a = expected.to(ScalarType.Float64);
        Tensor b = actual.to(ScalarType.Float64);
        Tensor finite = a.isfinite() & b.isfinite();
        Tensor same = finite | a.eq(b) | (a.isnan() & b.isnan());
        if (!same.all().ToBoolean())
            return double.PositiveInfinity;
        Tensor zero = zeros_like(a);
        double difference = where(finite, a - b, zero).abs().max().ToDouble();
        double size = where(finite, a, zero).abs().max().ToDouble();
        return size > 0 ? difference / size : difference;
    }
}
