using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles a stretch of an axis, <c>narrow</c> and <c>slice</c> with step 1; what is outside of it is unused.</summary>
internal sealed class NarrowHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "narrow", "slice"), .. KeysOf(typeof(TorchSharp.torch), "narrow")];

    public override OperatorDescription Description =>
        new(
            "a constant of the stretch, or of another axis",
            "an index of the stretch or of another axis; what is outside of the stretch",
            "an axis that is taken in steps"
        );

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        [.. AlignedAxes.AllBut(op, AxisOf(op)), .. SpanOf(op) is { } span ? [new TakenStretch(span)] : Array.Empty<AxisRule>()];

    public override IReadOnlyDictionary<string, object?> Replace(IReplacement replacement)
    {
        if (SpanOf(replacement) is not { } span)
            return base.Replace(replacement);
        long start = replacement.Kept(span.Input).Count(i => i < span.InputStart);
        long length = replacement.Kept(span.Output).Count;
        if (start == span.InputStart && length == span.Length)
            return base.Replace(replacement);
        return replacement.FindArgument("finish") is null
            ? new Dictionary<string, object?> { ["start"] = start, ["length"] = length }
            : new Dictionary<string, object?> { ["start"] = start, ["finish"] = start + length };
    }

    private static AxisSpan? SpanOf(IOperator op)
    {
        if (op.FindArgument("step") is long and not 1)
            return null;
        int axis = AxisOf(op);
        long length = op.Input(0).Shape[axis];
        long start = op.Argument<long>("start");
        start = Math.Clamp(start < 0 ? start + length : start, 0, length);
        return new AxisSpan(AxisRef.OfInput(0, axis), (int)start, AxisRef.OfOutput(0, axis), 0, (int)op.Output(0).Shape[axis]);
    }

    private static int AxisOf(IOperator op) => op.Input(0).Normalize((int)op.Argument<long>("dim"));
}
