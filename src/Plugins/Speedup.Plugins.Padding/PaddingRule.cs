using Speedup.Abstractions;

namespace Speedup.Plugins.Padding;

/// <summary>
/// The rules of padding. Axes that it leaves alone pass through, where a constant stays one unless the padding puts another number
/// beside it. An axis that is padded with a number can change where its length is the same for every input; see
/// <see cref="FixedAxis"/>.
/// </summary>
/// <param name="Pads">What is added before and after each axis, from the front; negative where it is cropped.</param>
/// <param name="Value">The number that it pads with; null where it repeats what is there.</param>
/// <param name="FixedAxis">A padded axis that can change: where the end of an axis is does not depend on the input there; -1 for none.</param>
internal sealed record PaddingRule(IReadOnlyList<(long Before, long After)> Pads, double? Value, int FixedAxis)
{
    public void InferFromInput(IOperator op)
    {
        foreach (int axis in PassedAxes())
            AlignedAxes.Of(axis, axis).InferFromInput(op, value => Surrounded(op, axis, value));
        if (FindSpan(op) is not { } span)
            return;
        AxisFacts input = op.Facts(span.Input);
        AxisFacts output = op.Facts(span.Output);
        for (int i = 0; i < output.Length; i++)
        {
            int source = i - span.OutputStart + span.InputStart;
            if (i < span.OutputStart || i >= span.OutputStart + span.Length)
                output.SetConstant(i, double.IsFinite(Value!.Value) ? Value.Value : double.NaN);
            else if (input.IsConstant(source))
                output.SetConstant(i, Surrounded(op, FixedAxis, input.ConstantAt(source)));
        }
    }

    public void InferFromOutput(IOperator op)
    {
        foreach (int axis in PassedAxes())
            AlignedAxes.Of(axis, axis).InferFromOutput(op);
        if (FindSpan(op) is not { } span)
            return;
        span.InferFromOutput(op);
        for (int i = 0; i < op.Facts(span.Input).Length; i++)
        {
            if (i < span.InputStart || i >= span.InputStart + span.Length)
                op.Facts(span.Input).SetUnused(i); // cropped
        }
    }

    public void Relate(IRelations relations)
    {
        foreach (int axis in PassedAxes())
            AlignedAxes.Of(axis, axis).Relate(relations);
        if (FindSpan(relations) is not { } span)
            return;
        relations.Release(span.Input);
        relations.Release(span.Output);
        span.Relate(relations);
    }

    /// <summary>What is padded on the fixed axis of the small model.</summary>
    public static (long Before, long After) KeptPads(IReplacement replacement, AxisSpan span)
    {
        IReadOnlyList<long> input = replacement.Kept(span.Input);
        IReadOnlyList<long> output = replacement.Kept(span.Output);
        return (
            output.Count(i => i < span.OutputStart) - input.Count(i => i < span.InputStart),
            output.Count(i => i >= span.OutputStart + span.Length) - input.Count(i => i >= span.InputStart + span.Length)
        );
    }

    /// <summary>What the fixed axis of the input and that of the output have in common.</summary>
    public AxisSpan? FindSpan(IOperator op)
    {
        if (FixedAxis < 0)
            return null;
        (long before, long after) = Pads[FixedAxis];
        long length = op.Input(0).Shape[FixedAxis] + Math.Min(before, 0) + Math.Min(after, 0);
        return new AxisSpan(
            AxisRef.OfInput(0, FixedAxis),
            (int)Math.Max(-before, 0),
            AxisRef.OfOutput(0, FixedAxis),
            (int)Math.Max(before, 0),
            (int)length
        );
    }

    private IEnumerable<int> PassedAxes() => Enumerable.Range(0, Pads.Count).Where(axis => Pads[axis] is (0, 0));

    /// <summary>What a constant of an axis becomes when the other axes are padded.</summary>
    private double Surrounded(IOperator op, int axis, double value)
    {
        bool isBesideOthers = Pads.Where((_, other) => other != axis).Any(pad => pad.Before > 0 || pad.After > 0);
        bool stays = Value is null || Value == value || !isBesideOthers || (Value == 0 && op.Policy == ConstantPolicy.Drop);
        return stays ? value : double.NaN;
    }
}
