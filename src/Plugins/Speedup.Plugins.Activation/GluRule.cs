using Speedup.Abstractions;

namespace Speedup.Plugins.Activation;

/// <summary>
/// The axis that a gated linear unit halves, <c>out[i] = in[i] * sigmoid(in[i + n])</c> along one axis of length 2n: index i goes with
/// both of its inputs, so that the small input still has two halves of equal length.
/// </summary>
/// <param name="Axis">The axis.</param>
internal sealed record GluRule(int Axis) : AxisRule
{
    public static OperatorDescription CommonDescription { get; } =
        new("a zero, or a constant whose gate is constant, too", "both its inputs; the gate of a zero", "an index goes with its gate");

    /// <summary>The rules of a call: its halved axis, and those that pass beside it.</summary>
    public static IEnumerable<AxisRule> Of(IOperator op, long axis) =>
        [new GluRule((int)axis), .. AlignedAxes.AllBut(op, axis, value => value * Sigmoid(value))];

    public override void InferFromInput(IOperator op)
    {
        AxisFacts input = op.Input(0)[Axis];
        AxisFacts output = op.Output(0)[Axis];
        for (int i = 0; input.AnyConstant && i < output.Length; i++)
        {
            int gate = i + output.Length;
            if (IsZero(input, i))
                output.SetConstant(i, 0);
            else if (input.IsConstant(i) && input.IsConstant(gate))
                output.SetConstant(i, input.ConstantAt(i) * Sigmoid(input.ConstantAt(gate)));
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        AxisFacts input = op.Input(0)[Axis];
        AxisFacts output = op.Output(0)[Axis];
        for (int i = 0; i < output.Length; i++)
        {
            if (!output.IsUsed(i))
                input.SetUnused(i);
            if (!output.IsUsed(i) || IsZero(input, i))
                input.SetUnused(i + output.Length);
        }
    }

    public override void Relate(IRelations relations)
    {
        AxisRef input = AxisRef.OfInput(0, Axis);
        AxisRef output = AxisRef.OfOutput(0, Axis);
        int half = relations.Facts(output).Length;
        new AxisSpan(input, 0, output, 0, half).Relate(relations);
        new AxisSpan(input, half, output, 0, half).Relate(relations);
    }

    private static bool IsZero(AxisFacts facts, int index) => facts.IsConstant(index) && facts.ConstantAt(index) == 0;

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
}
