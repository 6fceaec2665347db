namespace Speedup.Abstractions;

/// <summary>
/// An axis of an output each index of which is some index of an input's axis: a permutation as in <c>flip</c> and <c>channel_shuffle</c>, or
/// copies as in <c>repeat</c>. An index goes with all that are made of it.
/// </summary>
/// <param name="Input">The input's axis.</param>
/// <param name="Output">The output's axis.</param>
/// <param name="SourceOf">The index of the input that an index of the output is.</param>
public sealed record RearrangedAxis(AxisRef Input, AxisRef Output, Func<int, int> SourceOf) : AxisRule
{
    /// <summary>A constant input index gives constant output indices.</summary>
    public override void InferFromInput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        AxisFacts input = op.Facts(Input);
        AxisFacts output = op.Facts(Output);
        for (int i = 0; input.AnyConstant && i < output.Length; i++)
        {
            if (input.IsConstant(SourceOf(i)))
                output.SetConstant(i, input.ConstantAt(SourceOf(i)));
        }
    }

    /// <summary>An input index is unused where all that is made of it is.</summary>
    public override void InferFromOutput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        AxisFacts output = op.Facts(Output);
        if (!output.AnyUnused)
            return;
        foreach (IGrouping<int, int> copies in Enumerable.Range(0, output.Length).GroupBy(SourceOf))
        {
            if (!copies.Any(output.IsUsed))
                op.Facts(Input).SetUnused(copies.Key);
        }
    }

    /// <summary>Ties each index of the output to its source.</summary>
    public override void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        for (int i = 0; i < relations.Facts(Output).Length; i++)
            relations.Tie(Input, SourceOf(i), Output, i);
    }
}
