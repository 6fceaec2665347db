using Speedup.Abstractions;

namespace Speedup.Plugins.Activation;

/// <summary>
/// The rules of the gated linear unit, <c>out[i] = in[i] * sigmoid(in[i + n])</c> along one axis of length 2n: index i goes with
/// both of its inputs, so that the small input still has two halves of equal length.
/// </summary>
internal static class GluRule
{
    public static OperatorDescription Words { get; } =
        new("a zero, or a constant whose gate is constant, too", "both its inputs; the gate of a zero", "an index goes with its gate");

    public static void InferFromInput(IOperator op, long axis)
    {
        AxisFacts input = op.Input(0)[(int)axis];
        AxisFacts output = op.Output(0)[(int)axis];
        for (int i = 0; input.AnyConstant && i < output.Length; i++)
        {
            int gate = i + output.Length;
            if (IsZero(input, i))
                output.SetConstant(i, 0);
            else if (input.IsConstant(i) && input.IsConstant(gate))
                output.SetConstant(i, input.ConstantAt(i) * Sigmoid(input.ConstantAt(gate)));
        }
        foreach (AlignedAxes others in SoftmaxRule.OtherAxes(op, axis))
            others.InferFromInput(op, value => value * Sigmoid(value));
    }

    public static void InferFromOutput(IOperator op, long axis)
    {
        AxisFacts input = op.Input(0)[(int)axis];
        AxisFacts output = op.Output(0)[(int)axis];
        for (int i = 0; i < output.Length; i++)
        {
            if (!output.IsUsed(i))
                input.SetUnused(i);
            if (!output.IsUsed(i) || IsZero(input, i))
                input.SetUnused(i + output.Length);
        }
        foreach (AlignedAxes others in SoftmaxRule.OtherAxes(op, axis))
            others.InferFromOutput(op);
    }

    public static void Relate(IRelations relations, long axis)
    {
        AxisRef input = AxisRef.OfInput(0, (int)axis);
        AxisRef output = AxisRef.OfOutput(0, (int)axis);
        int half = relations.Facts(output).Length;
        new AxisSpan(input, 0, output, 0, half).Relate(relations);
        new AxisSpan(input, half, output, 0, half).Relate(relations);
        foreach (AlignedAxes others in SoftmaxRule.OtherAxes(relations, axis))
            others.Relate(relations);
    }

    private static bool IsZero(AxisFacts facts, int index) => facts.IsConstant(index) && facts.ConstantAt(index) == 0;

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));
}
