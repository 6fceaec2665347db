using Speedup.Abstractions;

namespace Speedup.Plugins.Shape;

/// <summary>The axes that an expansion leaves alone.</summary>
internal static class UnexpandedAxes
{
    /// <summary>Axes of input 0 of more than one index, each with its axis of output 0; new axes come first.</summary>
    public static IEnumerable<AlignedAxes> Of(IOperator op)
    {
        int added = op.Output(0).Rank - op.Input(0).Rank;
        return Enumerable
            .Range(0, op.Input(0).Rank)
            .Where(axis => op.Input(0).Shape[axis] > 1)
            .Select(axis => AlignedAxes.Of(axis, axis + added));
    }
}
