namespace Speedup.Abstractions;

/// <summary>
/// Axes that an operator carries over from its inputs to its outputs index by index: the channels of a pooling, the batch of a linear map,
/// the axes beside the one that <c>cat</c> joins. A slice that is the same constant in all inputs is a constant in all outputs.
/// </summary>
/// <param name="Inputs">The axis in each input that matters; at least one, all of the same length.</param>
/// <param name="Outputs">The axis in each output; at least one, of that length too.</param>
public sealed record AlignedAxes(IReadOnlyList<AxisRef> Inputs, IReadOnlyList<AxisRef> Outputs) : AxisRule
{
    /// <summary>What becomes of the constant at an index, NaN where the outputs are not constant; null where it stays what it is.</summary>
    public Func<int, double, double>? OfConstant { get; init; }

    /// <summary>One axis of the first input and one of the first output.</summary>
    /// <param name="inputAxis">The input's axis.</param>
    /// <param name="outputAxis">The output's axis.</param>
    /// <param name="ofConstant">What becomes of a constant, see <see cref="ConstantFunctions"/>; null where it stays what it is.</param>
    public static AlignedAxes Of(int inputAxis, int outputAxis, Func<double, double>? ofConstant = null) =>
        FromInputs([AxisRef.OfInput(0, inputAxis)], AxisRef.OfOutput(0, outputAxis), ofConstant);

    /// <summary>An axis in several inputs, or in another than the first, and one of an output.</summary>
    /// <param name="inputs">The axis in each input.</param>
    /// <param name="output">The output's axis.</param>
    /// <param name="ofConstant">What becomes of a constant, see <see cref="ConstantFunctions"/>; null where it stays what it is.</param>
    public static AlignedAxes FromInputs(IReadOnlyList<AxisRef> inputs, AxisRef output, Func<double, double>? ofConstant = null) =>
        new(inputs, [output]) { OfConstant = ofConstant is null ? null : (_, value) => ofConstant(value) };

    /// <summary>The first axes of the first input, each with the same axis of the first output.</summary>
    /// <param name="count">Number of axes.</param>
    /// <param name="ofConstant">What becomes of a constant, see <see cref="ConstantFunctions"/>; null where it stays what it is.</param>
    public static IEnumerable<AlignedAxes> Leading(int count, Func<double, double>? ofConstant = null) =>
        Enumerable.Range(0, count).Select(axis => Of(axis, axis, ofConstant));

    /// <summary>All axes of the first input but one, each with the same axis of the first output.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="axis">The other one, from the front, or from the back if negative.</param>
    /// <param name="ofConstant">What becomes of a constant, see <see cref="ConstantFunctions"/>; null where it stays what it is.</param>
    public static IEnumerable<AlignedAxes> AllBut(IOperator op, long axis, Func<double, double>? ofConstant = null)
    {
        ArgumentNullException.ThrowIfNull(op);
        int left = op.Input(0).Normalize(checked((int)axis));
        return Enumerable.Range(0, op.Input(0).Rank).Where(other => other != left).Select(other => Of(other, other, ofConstant));
    }

    /// <summary>An index that is the same constant on all inputs is constant on the outputs.</summary>
    public override void InferFromInput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        AxisFacts first = op.Facts(Inputs[0]);
        for (int i = 0; first.AnyConstant && i < first.Length; i++)
        {
            if (!first.IsConstant(i) || op.Facts(Outputs[0]).IsConstant(i))
                continue;
            double value = first.ConstantAt(i);
            if (!Inputs.All(axis => op.Facts(axis).IsConstant(i) && op.Facts(axis).ConstantAt(i).Equals(value)))
                continue;
            double result = OfConstant is null ? value : OfConstant(i, value);
            foreach (AxisRef output in Outputs)
                op.Facts(output).SetConstant(i, result);
        }
    }

    /// <summary>An index that is unused on all outputs is unused on the inputs.</summary>
    public override void InferFromOutput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        AxisFacts first = op.Facts(Outputs[0]);
        for (int i = 0; first.AnyUnused && i < first.Length; i++)
        {
            if (!Outputs.All(axis => !op.Facts(axis).IsUsed(i)))
                continue;
            foreach (AxisRef input in Inputs)
                op.Facts(input).SetUnused(i);
        }
    }

    /// <summary>Ties all the axes to each other.</summary>
    public override void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        foreach (AxisRef output in Outputs)
            relations.Tie(Inputs[0], output);
        foreach (AxisRef input in Inputs.Skip(1))
            relations.Tie(input, Outputs[0]);
    }
}
