using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Padding;

/// <summary>
/// Handles <c>nn.functional.pad</c>. It can also pad channels, and nothing else, such as those of a shortcut that has fewer than the
/// branch beside it. Channels are axis 1 of four axes or five; of fewer axes any may be a position, whose end is somewhere else at
/// another size.
/// </summary>
internal sealed class PaddingFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "pad")];

    internal static OperatorDescription CommonDescription { get; } =
        new(
            "a constant channel stays one where the padding repeats what is there, or pads with the same number",
            "a channel passes",
            "padded positions; the constant channel that another number is put beside"
        );

    public override OperatorDescription Description =>
        CommonDescription with
        {
            Folded = "padded channels (`pad` with a list) shrink like others",
            Kept = CommonDescription.Kept + "; padded channels of repeating modes or of tensors with fewer than four axes",
        };

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => PaddingOf(op).RulesOf(op);

    public override IReadOnlyDictionary<string, object?> Replace(IReplacement replacement)
    {
        PaddedAxes padding = PaddingOf(replacement);
        if (padding.FindSpan(replacement) is not { } span)
            return base.Replace(replacement);
        (long before, long after) = PaddedAxes.KeptPads(replacement, span);
        if (padding.Pads[padding.FixedAxis] == (before, after))
            return base.Replace(replacement);
        long[] pads = [.. PadArgument.Read(replacement)];
        int position = 2 * (replacement.Input(0).Rank - 1 - padding.FixedAxis);
        (pads[position], pads[position + 1]) = (before, after);
        return new Dictionary<string, object?> { ["pad"] = pads };
    }

    private static PaddedAxes PaddingOf(IOperator op)
    {
        (long, long)[] pads = PadArgument.PerAxis(op, PadArgument.Read(op));
        bool repeats = op.FindArgument("mode") is PaddingModes.Reflect or PaddingModes.Replicate or PaddingModes.Circular;
        double? value = repeats ? null : op.Argument<double>("value");
        bool isList = op.FindArgument("pad") is long[];
        bool padsChannels = op.Input(0).Rank is 4 or 5 && pads.Index().All(pad => pad.Index == 1 == pad.Item is not (0, 0));
        return new PaddedAxes(pads, value, isList && !repeats && padsChannels ? 1 : -1);
    }
}
