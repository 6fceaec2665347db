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
    /// <param name="expected">What the masked model said.</param>
    /// <param name="actual">What the small model said.</param>
    /// <param name="finiteOnly">
    /// Whether only numbers count that are finite in the masked model: where it overflows, a masked weight times infinity is no number, and
    /// the small model has no such weight.
    /// </param>
    public static double RelativeError(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual, bool finiteOnly = false)
    {
        if (expected.Count != actual.Count)
            return double.PositiveInfinity;
        double worst = 0;
        for (int i = 0; i < expected.Count; i++)
            worst = Math.Max(worst, RelativeError(expected[i], actual[i], finiteOnly));
        return worst;
    }

    /// <summary>How many of the outputs' elements are finite numbers, and how many there are.</summary>
    public static (long Finite, long All) CountFinite(IEnumerable<Tensor> outputs)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        (long Finite, long All) count = (0, 0);
        foreach (Tensor output in outputs)
            count = (count.Finite + output.isfinite().sum().ToInt64(), count.All + output.numel());
        return count;
    }

    private static double RelativeError(Tensor expected, Tensor actual, bool finiteOnly)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        if (!expected.shape.SequenceEqual(actual.shape))
            return double.PositiveInfinity;
        if (expected.numel() == 0)
            return 0;
        Tensor a = AsReal(expected);
        Tensor b = AsReal(actual);
        Tensor finite = a.isfinite() & b.isfinite();
        Tensor same = finite | a.eq(b) | (a.isnan() & b.isnan());
        if (!(finiteOnly ? same | a.isfinite().logical_not() : same).all().ToBoolean())
            return double.PositiveInfinity;
        Tensor zero = zeros_like(a);
        double difference = where(finite, a - b, zero).abs().max().ToDouble();
        double size = where(finite, a, zero).abs().max().ToDouble();
        return size > 0 ? difference / size : difference;
    }

    private static Tensor AsReal(Tensor tensor) =>
        (is_complex(tensor) ? view_as_real(tensor.resolve_conj()) : tensor).to(ScalarType.Float64);
}
