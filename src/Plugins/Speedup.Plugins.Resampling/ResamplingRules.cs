using Speedup.Abstractions;

namespace Speedup.Plugins.Resampling;

/// <summary>
/// The rules of resampling <c>[N, C, ...]</c>: each output position is a weighted mean of input positions of its own channel, and
/// the weights sum to one, so a constant channel stays constant. Positions cannot change.
/// </summary>
internal static class ResamplingRules
{
    public static OperatorDescription CommonDescription { get; } = new("a constant channel stays one", "a channel", "positions");

    /// <summary>Samples and channels.</summary>
    public static IEnumerable<AxisRule> Axes { get; } = [.. AlignedAxes.Leading(2)];
}
