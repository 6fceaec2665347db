using System.Globalization;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>
/// Handles <c>index_select</c> and <c>gather</c>: along one axis they take what a tensor of indices tells, the other axes are carried over.
/// </summary>
internal sealed class TakeHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "index_select", "gather"), .. KeysOf(typeof(TorchSharp.torch), "index_select", "gather")];

    public override OperatorDescription Description =>
        new(
            "a constant of another axis",
            "an index of another axis",
            "the axis along which is taken; positions that a `gather` leaves out"
        );

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        bool gathers = op.Method!.Name == "gather" && op.Input(1).Rank == op.Output(0).Rank;
        foreach (int axis in OtherAxes(op))
        {
            yield return AlignedAxes.Of(axis, axis); // where from is data, but it is from the same index
            if (gathers) // its indices have all the axes of its output
                yield return AlignedAxes.FromInputs([AxisRef.OfInput(1, axis)], AxisRef.OfOutput(0, axis), ConstantFunctions.Varying);
        }
    }

    private static IEnumerable<int> OtherAxes(IOperator op)
    {
        if (op.InputCount != 2 || op.FindArgument("dim") is not IConvertible dim)
            return [];
        long taken = dim.ToInt64(CultureInfo.InvariantCulture);
        int rank = op.Input(0).Rank;
        return Enumerable
            .Range(0, rank)
            .Where(axis => axis != (taken < 0 ? taken + rank : taken) && op.Input(0).Shape[axis] == op.Output(0).Shape[axis]);
    }
}
