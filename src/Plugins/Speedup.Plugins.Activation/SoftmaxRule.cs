using Speedup.Abstractions;

namespace Speedup.Plugins.Activation;

/// <summary>
/// The rules of functions that mix the indices of one axis and treat the others alike. Their value on a constant slice depends on
/// the length of the mixed axis, which may depend on the size of the input: nothing becomes constant.
/// </summary>
internal static class SoftmaxRule
{
    public static OperatorDescription Words { get; } =
        new(
            "nothing: the value depends on the length of the axis",
            "an index of the other axes",
            "the axis that is normalised over: a constant has its share in the sum"
        );

    public static void InferFromOutput(IOperator op, long mixedAxis)
    {
        foreach (AlignedAxes axes in OtherAxes(op, mixedAxis))
            axes.InferFromOutput(op);
    }

    public static void Relate(IRelations relations, long mixedAxis)
    {
        foreach (AlignedAxes axes in OtherAxes(relations, mixedAxis))
            axes.Relate(relations);
    }

    /// <summary>All axes but one, in input and output.</summary>
    public static IEnumerable<AlignedAxes> OtherAxes(IOperator op, long axis)
    {
        int mixed = op.Input(0).Normalize((int)axis);
        return Enumerable.Range(0, op.Input(0).Rank).Where(other => other != mixed).Select(other => AlignedAxes.Of(other, other));
    }
}
