using Speedup.Abstractions;

namespace Speedup.Plugins.Normalization;

/// <summary>Which axes a normalisation leaves alone.</summary>
internal static class NormalizedAxes
{
    public static OperatorDescription CommonDescription { get; } =
        new(
            "nothing",
            "an index of the leading axes",
            "the normalised axes: mean and variance are over all of their entries, pruned ones too"
        );

    /// <summary>
    /// All axes but the last ones. A constant slice of them does not stay one (it becomes the bias, which varies), so nothing is
    /// inferred forward.
    /// </summary>
    public static IEnumerable<AxisRule> Before(IOperator op, int normalizedCount) =>
        AlignedAxes.Leading(op.Input(0).Rank - normalizedCount, ConstantFunctions.Varying);

    /// <summary>The batch axis only.</summary>
    public static IEnumerable<AxisRule> Batch { get; } = [AlignedAxes.Of(0, 0, ConstantFunctions.Varying)];
}
