using Speedup.Abstractions;

namespace Speedup.Plugins.Distance;

/// <summary>
/// The rules of the cosine similarity, <c>x * y / (max(|x|, eps) * max(|y|, eps))</c>: a zero in both adds nothing, and where one of
/// the two is zero altogether so is the result.
/// </summary>
internal static class CosineRules
{
    public static OperatorDescription CommonDescription { get; } =
        new(
            "a slice that is zero in one input is zero",
            "a slice, in both inputs; what is beside a zero slice",
            "the axis that is summed over, except what is zero in both inputs; everything where an input is broadcast"
        );

    /// <summary>The rules of a call; none where one tensor is broadcast.</summary>
    public static IEnumerable<AxisRule> Of(IOperator op, long axis, double eps)
    {
        AxisRule[] rules = [.. ReducedPair.Of(op, axis, keepsAxis: false, (first, second) => first == 0 && second == 0)];
        IEnumerable<AxisRule> zeros = rules
            .OfType<ReducedPair>()
            .SelectMany(pair => pair.OtherAxes(op).Select(ZeroSlices (other) => new(other, pair.OutputOf(other))));
        return eps > 0 ? [.. rules, .. zeros] : rules;
    }
}
