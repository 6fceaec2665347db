namespace Speedup.Abstractions;

/// <summary>
/// Two axes where one index of the coarser one stands for a block of consecutive indices of the finer one: <c>view</c>,
/// <c>pixel_shuffle</c>, <c>unfold</c>. A block goes as a whole. One of the steps is 1.
/// </summary>
/// <param name="Input">The input's axis.</param>
/// <param name="InputStep">Number of its indices in a block.</param>
/// <param name="Output">The output's axis.</param>
/// <param name="OutputStep">Number of its indices in a block.</param>
public sealed record AxisBlocks(AxisRef Input, int InputStep, AxisRef Output, int OutputStep) : AxisRule
{
    /// <summary>What becomes of the constant of a block, NaN where the output is not constant; null where it stays what it is.</summary>
    public Func<double, double>? OfConstant { get; init; }

    /// <summary>A block that is one and the same constant stays constant.</summary>
    public override void InferFromInput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        AxisFacts input = op.Facts(Input);
        for (int k = 0; input.AnyConstant && k < input.Length / InputStep; k++)
        {
            if (!Block(k, InputStep).All(input.IsConstant))
                continue;
            double value = input.ConstantAt(k * InputStep);
            if (!Block(k, InputStep).All(i => input.ConstantAt(i).Equals(value)))
                continue;
            foreach (int i in Block(k, OutputStep))
                op.Facts(Output).SetConstant(i, OfConstant is null ? value : OfConstant(value));
        }
    }

    /// <summary>A block that is unused as a whole is unused in the input.</summary>
    public override void InferFromOutput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        AxisFacts output = op.Facts(Output);
        for (int k = 0; output.AnyUnused && k < output.Length / OutputStep; k++)
        {
            if (Block(k, OutputStep).Any(output.IsUsed))
                continue;
            foreach (int i in Block(k, InputStep))
                op.Facts(Input).SetUnused(i);
        }
    }

    /// <summary>Ties what is in a block, on both sides.</summary>
    public override void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        for (int k = 0; k < relations.Facts(Input).Length / InputStep; k++)
        {
            foreach (int i in Block(k, InputStep))
                relations.Tie(Input, i, Output, k * OutputStep);
            foreach (int i in Block(k, OutputStep).Skip(1))
                relations.Tie(Input, k * InputStep, Output, i);
        }
    }

    private static IEnumerable<int> Block(int k, int step) => Enumerable.Range(k * step, step);
}
