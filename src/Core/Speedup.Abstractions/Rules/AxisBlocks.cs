namespace Speedup.Abstractions;

/// <summary>
/// The rules of two axes where one index of the coarser one stands for a block of consecutive indices of the finer one: <c>view</c>,
/// <c>pixel_shuffle</c>, <c>unfold</c>. A block goes as a whole. One of the steps is 1.
/// </summary>
/// <param name="Input">The input's axis.</param>
/// <param name="InputStep">Number of its indices in a block.</param>
/// <param name="Output">The output's axis.</param>
/// <param name="OutputStep">Number of its indices in a block.</param>
public readonly record struct AxisBlocks(AxisRef Input, int InputStep, AxisRef Output, int OutputStep)
{
    /// <summary>A block that is one and the same constant stays constant.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="function">What becomes of the constant, NaN where the output is not constant; null for nothing.</param>
    public void InferFromInput(IOperator op, Func<double, double>? function = null)
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
                op.Facts(Output).SetConstant(i, function is null ? value : function(value));
        }
    }

    /// <summary>A block that is unused as a whole is unused in the input.</summary>
    public void InferFromOutput(IOperator op)
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
    public void Relate(IRelations relations)
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
