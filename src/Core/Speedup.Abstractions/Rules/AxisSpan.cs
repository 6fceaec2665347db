namespace Speedup.Abstractions;

/// <summary>
/// A stretch of an output axis that is a stretch of an input axis, index by index: <c>cat</c>, <c>split</c>,
/// <c>narrow</c>.
/// </summary>
/// <param name="Input">The input's axis.</param>
/// <param name="InputStart">First index on it.</param>
/// <param name="Output">The output's axis.</param>
/// <param name="OutputStart">First index on it.</param>
/// <param name="Length">Number of indices.</param>
public sealed record AxisSpan(AxisRef Input, int InputStart, AxisRef Output, int OutputStart, int Length) : AxisRule
{
    /// <summary>A constant input index gives a constant output index.</summary>
    public override void InferFromInput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        AxisFacts input = op.Facts(Input);
        for (int k = 0; input.AnyConstant && k < Length; k++)
        {
            if (input.IsConstant(InputStart + k))
                op.Facts(Output).SetConstant(OutputStart + k, input.ConstantAt(InputStart + k));
        }
    }

    /// <summary>An unused output index makes the input index unused.</summary>
    public override void InferFromOutput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        AxisFacts output = op.Facts(Output);
        for (int k = 0; output.AnyUnused && k < Length; k++)
        {
            if (!output.IsUsed(OutputStart + k))
                op.Facts(Input).SetUnused(InputStart + k);
        }
    }

    /// <summary>Ties the stretches.</summary>
    public override void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        for (int k = 0; k < Length; k++)
            relations.Tie(Input, InputStart + k, Output, OutputStart + k);
    }
}
