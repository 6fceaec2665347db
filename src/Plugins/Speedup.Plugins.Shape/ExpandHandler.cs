using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles <c>expand</c> and <c>broadcast_to</c>: the axes of more than one index that it leaves alone can change.</summary>
internal sealed class ExpandHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "expand", "broadcast_to"), .. KeysOf(typeof(TorchSharp.torch), "broadcast_to")];

    public override OperatorDescription Description =>
        new("a constant of an axis of more than one index", "an index of it", "expanded axes");

    public override void InferFromInput(IOperator op)
    {
        foreach (AlignedAxes axes in LongAxes(op))
            axes.InferFromInput(op);
    }

    public override void InferFromOutput(IOperator op)
    {
        foreach (AlignedAxes axes in LongAxes(op))
            axes.InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        foreach (AlignedAxes axes in LongAxes(relations))
            axes.Relate(relations);
    }

    public override IReadOnlyDictionary<string, object?> Replace(IReplacement replacement)
    {
        string name = SizesOf(replacement);
        if (replacement.FindArgument(name) is not long[] sizes)
            return base.Replace(replacement);
        return KeptLengths.AsArgument(name, sizes, KeptLengths.Of(replacement, sizes, 0));
    }

    private static string SizesOf(IOperator op) => op.Method!.Name == "expand" ? "sizes" : "shape";

    private static IEnumerable<AlignedAxes> LongAxes(IOperator op)
    {
        if (op.FindArgument(SizesOf(op)) is not long[])
            return [];
        int added = op.Output(0).Rank - op.Input(0).Rank; // new axes come first
        return Enumerable
            .Range(0, op.Input(0).Rank)
            .Where(axis => op.Input(0).Shape[axis] > 1)
            .Select(axis => AlignedAxes.Of(axis, axis + added));
    }
}
