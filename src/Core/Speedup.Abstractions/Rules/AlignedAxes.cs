namespace Speedup.Abstractions;

/// <summary>
/// The rules of axes that an operator carries over from its inputs to its outputs index by index, where a constant slice on all
/// inputs makes a constant slice on all outputs: the channel axis of a pooling, the axes beside the one that <c>cat</c> joins.
/// </summary>
/// <param name="inputs">The axis in each input that matters; at least one, all of the same length.</param>
/// <param name="outputs">The axis in each output; at least one, of that length too.</param>
public sealed class AlignedAxes(IReadOnlyList<AxisRef> inputs, IReadOnlyList<AxisRef> outputs)
{
    /// <summary>One axis of the first input and one of the first output.</summary>
    public static AlignedAxes Of(int inputAxis, int outputAxis) => new([AxisRef.OfInput(0, inputAxis)], [AxisRef.OfOutput(0, outputAxis)]);

    /// <summary>An index that is the same constant on all inputs is constant on the outputs.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="function">What becomes of the constant, NaN where the output is not constant; null for nothing.</param>
    public void InferFromInput(IOperator op, Func<double, double>? function = null)
    {
        ArgumentNullException.ThrowIfNull(op);
        AxisFacts first = op.Facts(inputs[0]);
        for (int i = 0; first.AnyConstant && i < first.Length; i++)
        {
            if (!first.IsConstant(i) || op.Facts(outputs[0]).IsConstant(i))
                continue;
            double value = first.ConstantAt(i);
            if (!inputs.All(axis => op.Facts(axis).IsConstant(i) && op.Facts(axis).ConstantAt(i).Equals(value)))
                continue;
            double result = function is null ? value : function(value);
            foreach (AxisRef output in outputs)
                op.Facts(output).SetConstant(i, result);
        }
    }

    /// <summary>An index that is unused on all outputs is unused on the inputs.</summary>
    public void InferFromOutput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        AxisFacts first = op.Facts(outputs[0]);
        for (int i = 0; first.AnyUnused && i < first.Length; i++)
        {
            if (!outputs.All(axis => !op.Facts(axis).IsUsed(i)))
                continue;
            foreach (AxisRef input in inputs)
                op.Facts(input).SetUnused(i);
        }
    }

    /// <summary>Ties all the axes to each other.</summary>
    public void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        foreach (AxisRef output in outputs)
            relations.Tie(inputs[0], output);
        foreach (AxisRef input in inputs.Skip(1))
            relations.Tie(input, outputs[0]);
    }
}
