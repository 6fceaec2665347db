using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles <c>expand</c> and <c>broadcast_to</c>: axes of more than one index are left alone, others hold one index several times.</summary>
internal sealed class ExpandHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "expand", "broadcast_to"), .. KeysOf(typeof(TorchSharp.torch), "broadcast_to")];

    public override OperatorDescription Description =>
        new(
            "a constant of an axis of more than one index; one of all elements",
            "an index of it",
            "an expanded axis whose length is a number in the source"
        );

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        [FilledOutput.LikeInput(), .. LongAxes(op), .. ExpandedAxes(op).Select(axis => new ReleasedAxis(AxisRef.OfOutput(0, axis)))];

    public override IReadOnlyDictionary<string, object?> Replace(IReplacement replacement)
    {
        string name = SizesOf(replacement);
        if (replacement.FindArgument(name) is not long[] sizes)
            return base.Replace(replacement);
        return KeptLengths.AsArgument(name, sizes, KeptLengths.Of(replacement, sizes, 0));
    }

    /// <summary>Axes on which each index is the same one again: with fewer of them the others are what they were.</summary>
    private static IEnumerable<int> ExpandedAxes(IOperator op)
    {
        if (op.FindArgument(SizesOf(op)) is not long[])
            return [];
        int added = op.Output(0).Rank - op.Input(0).Rank;
        return Enumerable
            .Range(0, op.Output(0).Rank)
            .Where(axis => op.Output(0).Shape[axis] > 1 && (axis < added || op.Input(0).Shape[axis - added] == 1));
    }

    private static string SizesOf(IOperator op) => op.Method!.Name == "expand" ? "sizes" : "shape";

    private static IEnumerable<AlignedAxes> LongAxes(IOperator op) => op.FindArgument(SizesOf(op)) is long[] ? UnexpandedAxes.Of(op) : [];
}
