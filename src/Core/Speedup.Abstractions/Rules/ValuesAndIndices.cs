namespace Speedup.Abstractions;

/// <summary>
/// An axis that an operator carries over which returns values and where it found them: <c>max</c> along another axis, <c>sort</c>,
/// <c>topk</c>, a pooling with indices. Of a constant slice the values are known, but not the places, since any of equal values may be taken.
/// The first output holds the values; others, if the call has any, hold places.
/// </summary>
/// <param name="InputAxis">The axis of the first input, from the front.</param>
/// <param name="OutputAxis">The axis of all outputs, from the front.</param>
/// <param name="OfConstant">What becomes of a constant, NaN where the values are not constant; see <see cref="ConstantFunctions"/>.</param>
public sealed record ValuesAndIndices(int InputAxis, int OutputAxis, Func<double, double> OfConstant) : AxisRule
{
    /// <summary>A constant input index gives a constant index of the values.</summary>
    public override void InferFromInput(IOperator op) => AlignedAxes.Of(InputAxis, OutputAxis, OfConstant).InferFromInput(op);

    /// <summary>An index that is unused on all outputs that anybody reads is unused on the input.</summary>
    public override void InferFromOutput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        int[] read = [.. Enumerable.Range(0, op.OutputCount).Where(op.IsRead)];
        if (read.Length > 0)
            On(read).InferFromOutput(op);
    }

    /// <summary>Ties the axes of all outputs to the input's.</summary>
    public override void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        On(Enumerable.Range(0, relations.OutputCount)).Relate(relations);
    }

    private AlignedAxes On(IEnumerable<int> outputs) =>
        new([AxisRef.OfInput(0, InputAxis)], [.. outputs.Select(output => AxisRef.OfOutput(output, OutputAxis))]);
}
