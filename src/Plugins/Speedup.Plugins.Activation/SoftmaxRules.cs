using Speedup.Abstractions;

namespace Speedup.Plugins.Activation;

/// <summary>
/// The rules of functions that mix the indices of one axis and treat the others alike. Their value on a constant slice depends on
/// the length of the mixed axis, which may depend on the size of the input: nothing becomes constant.
/// </summary>
internal static class SoftmaxRules
{
    public static OperatorDescription CommonDescription { get; } =
        new(
            "nothing: the value depends on the length of the axis",
            "an index of the other axes",
            "the axis that is normalised over: a constant has its share in the sum"
        );

    /// <summary>All axes but the one that is mixed.</summary>
    public static IEnumerable<AxisRule> Of(IOperator op, long mixedAxis) => AlignedAxes.AllBut(op, mixedAxis, ConstantFunctions.Varying);
}
