using Speedup.Abstractions;

namespace Speedup.Plugins.Resampling;

/// <summary>
/// The rules of resampling <c>[N, C, ...]</c>: each output position is a weighted mean of input positions of its own channel, and
/// the weights sum to one, so a constant channel stays constant. Positions cannot change.
/// </summary>
internal static class ResamplingRule
{
    public static OperatorDescription Words { get; } = new("a constant channel stays one", "a channel", "positions");

    private static readonly AlignedAxes[] Axes = [AlignedAxes.Of(0, 0), AlignedAxes.Of(1, 1)];

    public static void InferFromInput(IOperator op)
    {
        foreach (AlignedAxes axes in Axes)
            axes.InferFromInput(op);
    }

    public static void InferFromOutput(IOperator op)
    {
        foreach (AlignedAxes axes in Axes)
            axes.InferFromOutput(op);
    }

    public static void Relate(IRelations relations)
    {
        foreach (AlignedAxes axes in Axes)
            axes.Relate(relations);
    }
}
