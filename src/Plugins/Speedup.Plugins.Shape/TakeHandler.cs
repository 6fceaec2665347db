using System.Globalization;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>
/// Handles <c>index_select</c> and <c>gather</c>: along one axis they take what a tensor of indices tells, the other axes are carried over.
/// </summary>
internal sealed class TakeHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "index_select", "gather"), .. KeysOf(typeof(TorchSharp.torch), "index_select", "gather")];

    public override OperatorDescription Description =>
        new(
            "a constant of another axis",
            "an index of another axis",
            "the axis along which is taken; positions that a `gather` leaves out"
        );

    public override void InferFromInput(IOperator op)
    {
        foreach (int axis in OtherAxes(op))
            AlignedAxes.Of(axis, axis).InferFromInput(op); // where from is data, but it is from the same index
    }

    public override void InferFromOutput(IOperator op)
    {
        foreach (int axis in OtherAxes(op))
            AxesOf(op, axis).InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        foreach (int axis in OtherAxes(relations))
            AxesOf(relations, axis).Relate(relations);
    }

    /// <summary>The indices of a <c>gather</c> have all the axes of its output.</summary>
    private static AlignedAxes AxesOf(IOperator op, int axis) =>
        op.Input(1).Rank == op.Output(0).Rank && op.Method!.Name == "gather"
            ? new AlignedAxes([AxisRef.OfInput(0, axis), AxisRef.OfInput(1, axis)], [AxisRef.OfOutput(0, axis)])
            : AlignedAxes.Of(axis, axis);

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
