using Speedup.Abstractions;

namespace Speedup.Plugins.Pooling;

/// <summary>
/// The rule of an axis that <c>max_unpool</c> carries over, which puts values at indices and zeros everywhere else, channel by channel. Only
/// zero stays constant, and then it does not matter where it is put.
/// </summary>
/// <param name="Axis">The axis, the same in both inputs and the output.</param>
internal sealed record UnpoolingRule(int Axis) : AxisRule
{
    public static OperatorDescription CommonDescription { get; } =
        new(
            "a zero channel stays zero",
            "a channel, in both inputs; the indices of a zero channel",
            "positions; a channel of another constant"
        );

    private AlignedAxes All =>
        AlignedAxes.FromInputs([AxisRef.OfInput(0, Axis), AxisRef.OfInput(1, Axis)], AxisRef.OfOutput(0, Axis), ConstantFunctions.Varying);

    /// <summary>The rules of a call: all axes but those at the back, of which there are as many as it pools over.</summary>
    public static IEnumerable<AxisRule> Of(IOperator op, int spatialAxes) =>
        Enumerable.Range(0, op.Input(0).Rank - spatialAxes).Select(axis => new UnpoolingRule(axis));

    public override void InferFromInput(IOperator op) => AlignedAxes.Of(Axis, Axis, ConstantFunctions.ZeroOnly).InferFromInput(op);

    public override void InferFromOutput(IOperator op)
    {
        All.InferFromOutput(op);
        for (int i = 0; i < op.Input(0)[Axis].Length; i++)
        {
            if (op.Input(0)[Axis].IsZero(i))
                op.Input(1)[Axis].SetUnused(i);
        }
    }

    public override void Relate(IRelations relations) => All.Relate(relations);
}
