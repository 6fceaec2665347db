using Speedup.Abstractions;

namespace Speedup.Plugins.Normalization;

/// <summary>Which axes a normalisation leaves alone.</summary>
internal static class NormalizedAxes
{
    public static OperatorDescription Words { get; } =
        new(
            "nothing",
            "an index of the leading axes",
            "the normalised axes: mean and variance are over all of their entries, pruned ones too"
        );

    /// <summary>
    /// All axes but the last ones. A constant slice of them does not stay one (it becomes the bias, which varies), so nothing is
    /// inferred forward.
    /// </summary>
    public static PassedAxes Before(IOperator op, int normalizedCount) => new([.. Enumerable.Range(0, op.Input(0).Rank - normalizedCount)]);

    /// <summary>The batch axis only.</summary>
    public static PassedAxes Batch { get; } = new([0]);
}
