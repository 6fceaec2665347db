using Speedup.Abstractions;

namespace Speedup.Plugins.Padding;

/// <summary>
/// What padding does. Axes that it leaves alone pass through, where a constant stays one unless the padding puts another number
/// beside it. An axis that is padded with a number can change where its length is the same for every input; see
/// <see cref="FixedAxis"/>.
/// </summary>
/// <param name="Pads">What is added before and after each axis, from the front; negative where it is cropped.</param>
/// <param name="Value">The number that it pads with; null where it repeats what is there.</param>
/// <param name="FixedAxis">A padded axis that can change: where the end of an axis is does not depend on the input there; -1 for none.</param>
internal sealed record PaddedAxes(IReadOnlyList<(long Before, long After)> Pads, double? Value, int FixedAxis)
{
    /// <summary>The rules of a call.</summary>
    public IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        for (int axis = 0; axis < Pads.Count; axis++)
        {
            int own = axis;
            if (Pads[axis] is (0, 0))
                yield return AlignedAxes.Of(axis, axis, value => Surrounded(op, own, value));
        }
        if (FindSpan(op) is { } span)
            yield return new PaddedAxis(span, Value!.Value, value => Surrounded(op, FixedAxis, value));
    }

    /// <summary>What is padded on the fixed axis of the small model.</summary>
    public static (long Before, long After) KeptPads(IReplacement replacement, AxisSpan span)
    {
        IReadOnlyList<int> input = replacement.Kept(span.Input);
        IReadOnlyList<int> output = replacement.Kept(span.Output);
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

    /// <summary>What a constant of an axis becomes when the other axes are padded.</summary>
    private double Surrounded(IOperator op, int axis, double value)
    {
        bool isBesideOthers = Pads.Where((_, other) => other != axis).Any(pad => pad.Before > 0 || pad.After > 0);
        bool stays = Value is null || Value == value || !isBesideOthers || (Value == 0 && op.Policy == ConstantPolicy.Drop);
        return stays ? value : double.NaN;
    }
}
