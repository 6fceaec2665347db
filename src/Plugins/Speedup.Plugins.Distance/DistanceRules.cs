using Speedup.Abstractions;

namespace Speedup.Plugins.Distance;

/// <summary>
/// The rules of the pairwise distance, the p-norm of <c>x - y + eps</c> along the last axis. Equal constants add <c>eps^p</c>, which
/// is nothing only where eps is zero.
/// </summary>
internal static class DistanceRules
{
    public static OperatorDescription CommonDescription { get; } =
        new(
            "nothing",
            "a slice, in both inputs",
            "the last axis, except what is the same constant in both inputs where `eps` is 0; everything where an input is broadcast"
        );

    /// <summary>The rules of a call; none where one tensor is broadcast.</summary>
    public static IEnumerable<AxisRule> Of(IOperator op, double norm, double eps, bool keepsAxis) =>
        ReducedPair.Of(op, -1, keepsAxis, (first, second) => eps == 0 && norm >= 0 && first == second);
}
