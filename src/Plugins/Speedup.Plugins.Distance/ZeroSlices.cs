using Speedup.Abstractions;

namespace Speedup.Plugins.Distance;

/// <summary>
/// The rule of a slice that is zero in one of two tensors, of whose product a measure divides by a positive number: the result is zero there, whatever
/// the other holds.
/// </summary>
/// <param name="Axis">The axis of the slices in both inputs.</param>
/// <param name="Output">The output's axis.</param>
internal sealed record ZeroSlices(int Axis, AxisRef Output) : AxisRule
{
    public override void InferFromInput(IOperator op)
    {
        for (int i = 0; i < op.Facts(Output).Length; i++)
        {
            if (op.Input(0)[Axis].IsZero(i) || op.Input(1)[Axis].IsZero(i))
                op.Facts(Output).SetConstant(i, 0);
        }
    }

    /// <summary>Of two zeros one stays what it is.</summary>
    public override void InferFromOutput(IOperator op)
    {
        for (int i = 0; i < op.Facts(Output).Length; i++)
        {
            if (op.Input(0)[Axis].IsZero(i))
                op.Input(1)[Axis].SetUnused(i);
            else if (op.Input(1)[Axis].IsZero(i))
                op.Input(0)[Axis].SetUnused(i);
        }
    }

    public override void Relate(IRelations relations) { }
}
