using Speedup.Abstractions;

namespace Speedup.Plugins.Distance;

/// <summary>
/// The rule of a measure between two tensors of one shape that sums over an axis, for that axis. An index of that axis can go only where both
/// tensors hold constants that add nothing to the sums; any other share of a constant could not be folded, since the measure has no
/// parameters.
/// </summary>
/// <param name="Axis">The axis that it sums over.</param>
/// <param name="KeepsAxis">Whether the output has that axis, too, with length 1.</param>
/// <param name="AddsNothing">Whether a pair of constants adds nothing.</param>
internal sealed record ReducedPair(int Axis, bool KeepsAxis, Func<double, double, bool> AddsNothing) : AxisRule
{
    private AxisRef First => AxisRef.OfInput(0, Axis);

    private AxisRef Second => AxisRef.OfInput(1, Axis);

    /// <summary>The pair of a call, or null where one tensor is broadcast.</summary>
    public static ReducedPair? Find(IOperator op, long axis, bool keepsAxis, Func<double, double, bool> addsNothing)
    {
        bool isAligned = op.InputCount == 2 && op.Input(0).Shape.SequenceEqual(op.Input(1).Shape);
        return isAligned ? new ReducedPair(op.Input(0).Normalize((int)axis), keepsAxis, addsNothing) : null;
    }

    /// <summary>The rules of a call: the axis that it sums over, and the others; none where one tensor is broadcast.</summary>
    public static IEnumerable<AxisRule> Of(IOperator op, long axis, bool keepsAxis, Func<double, double, bool> addsNothing) =>
        Find(op, axis, keepsAxis, addsNothing) is { } pair ? [pair, .. pair.OtherAxes(op).Select(pair.Passed)] : [];

    /// <summary>The other axes of the inputs.</summary>
    public IEnumerable<int> OtherAxes(IOperator op) => Enumerable.Range(0, op.Input(0).Rank).Where(axis => axis != Axis);

    /// <summary>The axis of the output that another axis of the inputs is.</summary>
    public AxisRef OutputOf(int axis) => AxisRef.OfOutput(0, axis < Axis || KeepsAxis ? axis : axis - 1);

    public override void Relate(IRelations relations) => relations.Tie(First, Second);

    public override void Constrain(IPlanning plan)
    {
        for (int i = 0; i < plan.Facts(First).Length; i++)
        {
            if (plan.IsRemoved(First, i) && !IsNothing(plan, i))
                plan.Keep(First, i, KeepCause.Unfoldable, $"index {i} has a share in what {plan.Name} sums up");
        }
    }

    private AlignedAxes Passed(int axis) =>
        AlignedAxes.FromInputs([AxisRef.OfInput(0, axis), AxisRef.OfInput(1, axis)], OutputOf(axis), ConstantFunctions.Varying);

    private bool IsNothing(IOperator op, int index)
    {
        AxisFacts first = op.Facts(First);
        AxisFacts second = op.Facts(Second);
        return first.IsConstant(index) && second.IsConstant(index) && AddsNothing(first.ConstantAt(index), second.ConstantAt(index));
    }
}
