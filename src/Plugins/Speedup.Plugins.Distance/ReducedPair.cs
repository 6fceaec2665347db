using Speedup.Abstractions;

namespace Speedup.Plugins.Distance;

/// <summary>
/// The rules of a measure between two tensors of one shape that sums over an axis. An index of that axis can go only where both
/// tensors hold constants that add nothing to the sums; any other share of a constant could not be folded, since the measure has no
/// parameters.
/// </summary>
/// <param name="Axis">The axis that it sums over.</param>
/// <param name="KeepsAxis">Whether the output has that axis, too, with length 1.</param>
/// <param name="AddsNothing">Whether a pair of constants adds nothing.</param>
internal sealed record ReducedPair(int Axis, bool KeepsAxis, Func<double, double, bool> AddsNothing)
{
    private AxisRef First => AxisRef.OfInput(0, Axis);

    private AxisRef Second => AxisRef.OfInput(1, Axis);

    /// <summary>The pair of a call, or null where one tensor is broadcast.</summary>
    public static ReducedPair? Find(IOperator op, long axis, bool keepsAxis, Func<double, double, bool> addsNothing)
    {
        bool isAligned = op.InputCount == 2 && op.Input(0).Shape.SequenceEqual(op.Input(1).Shape);
        return isAligned ? new ReducedPair(op.Input(0).Normalize((int)axis), keepsAxis, addsNothing) : null;
    }

    /// <summary>Axis by axis: those of the two inputs and the output's.</summary>
    public IEnumerable<(AxisRef First, AxisRef Second, AxisRef Output)> OtherAxes(IOperator op) =>
        from axis in Enumerable.Range(0, op.Input(0).Rank)
        where axis != Axis
        let output = axis < Axis || KeepsAxis ? axis : axis - 1
        select (AxisRef.OfInput(0, axis), AxisRef.OfInput(1, axis), AxisRef.OfOutput(0, output));

    public void InferFromOutput(IOperator op)
    {
        foreach (var (first, second, output) in OtherAxes(op))
            new AlignedAxes([first, second], [output]).InferFromOutput(op);
    }

    public void Relate(IRelations relations)
    {
        relations.Tie(First, Second);
        foreach (var (first, second, output) in OtherAxes(relations))
            new AlignedAxes([first, second], [output]).Relate(relations);
    }

    public void Constrain(IPlanning plan)
    {
        for (int i = 0; i < plan.Facts(First).Length; i++)
        {
            if (plan.IsRemoved(First, i) && !IsNothing(plan, i))
                plan.Keep(First, i, KeepCause.Unfoldable, $"index {i} has a share in what {plan.Name} sums up");
        }
    }

    private bool IsNothing(IOperator op, int index)
    {
        AxisFacts first = op.Facts(First);
        AxisFacts second = op.Facts(Second);
        return first.IsConstant(index) && second.IsConstant(index) && AddsNothing(first.ConstantAt(index), second.ConstantAt(index));
    }
}
