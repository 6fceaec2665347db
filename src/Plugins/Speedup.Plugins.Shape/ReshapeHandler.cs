using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles functions that keep the row-major order of elements: <c>view</c>, <c>reshape</c>, <c>flatten</c>, <c>squeeze</c>, ...</summary>
internal sealed class ReshapeHandler : RuleFunctionHandler
{
    private static readonly string[] Names = ["flatten", "reshape", "squeeze", "squeeze_", "unflatten", "unsqueeze", "unsqueeze_", "view"];

    public override IReadOnlyList<FunctionKey> Functions =>
        [.. ExistingKeysOf(typeof(Tensor), Names), .. ExistingKeysOf(typeof(TorchSharp.torch), Names)];

    public override OperatorDescription Description => ReshapeRelation.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        FactorLink[][] blocks = [.. Factors(op)];
        yield return FilledOutput.LikeInput();
        foreach (FactorLink[] factors in blocks)
        {
            FactorLink chosen = FactorLink.Choose(op, factors); // one factor can lose indices; of the others facts are known
            foreach (FactorLink factor in factors)
                yield return factor == chosen ? factor : new FactsOnly(factor);
        }
        foreach (AxisBlocks link in Links(op))
            yield return Array.Exists(blocks, factors => IsOutermost(factors, link)) ? new FactsOnly(link) : link;
        if (op.Method!.Name.TrimEnd('_') == "squeeze" && op.FindArgument("dim") is null)
        {
            foreach (AxisBlocks link in LongAxes(op))
                yield return new LongerThanOne(link.Input);
        }
    }

    public override IReadOnlyDictionary<string, object?> Replace(IReplacement replacement)
    {
        if (replacement.FindArgument("shape") is long[] shape)
            return KeptLengths.AsArgument("shape", shape, KeptLengths.Of(replacement, shape, 0));
        if (replacement.FindArgument("dim") is not long dim || replacement.FindArgument("sizes") is not { } given)
            return base.Replace(replacement); // where unsqueeze puts a new last axis, the input has none
        int first = replacement.Input(0).Normalize((int)dim);
        return given switch
        {
            long[] sizes => KeptLengths.AsArgument("sizes", sizes, KeptLengths.Of(replacement, sizes, first)),
            Size size => ReplaceSize(replacement, size, first),
            _ => base.Replace(replacement),
        };
    }

    private static IEnumerable<AxisBlocks> Links(IOperator op)
    {
        string name = op.Method!.Name.TrimEnd('_');
        bool movesOnes = name is "squeeze" or "unsqueeze";
        return movesOnes ? LongAxes(op) : ReshapeRelation.Links(op.Input(0).Shape, op.Output(0).Shape);
    }

    private static IEnumerable<FactorLink[]> Factors(IOperator op) =>
        op.Method!.Name.TrimEnd('_') is "squeeze" or "unsqueeze" ? [] : FactorLink.Find(op.Input(0).Shape, op.Output(0).Shape);

    /// <summary>Whether a link is that of the outermost factor, in whose place another one may have been chosen.</summary>
    private static bool IsOutermost(FactorLink[] factors, AxisBlocks link) =>
        new[] { factors[0].Flat, factors[0].Factor }.Order(Comparer<AxisRef>.Create((a, b) => a.Kind.CompareTo(b.Kind))).ToArray()
            is [var input, var output]
        && input.Axis == link.Input.Axis
        && output.Axis == link.Output.Axis;

    /// <summary>Axes of length 1 come or go: the others keep their order.</summary>
    private static IEnumerable<AxisBlocks> LongAxes(IOperator op)
    {
        IEnumerable<int> old = Enumerable.Range(0, op.Input(0).Rank).Where(axis => op.Input(0).Shape[axis] > 1);
        IEnumerable<int> @new = Enumerable.Range(0, op.Output(0).Rank).Where(axis => op.Output(0).Shape[axis] > 1);
        return old.Zip(@new, (input, output) => new AxisBlocks(AxisRef.OfInput(0, input), 1, AxisRef.OfOutput(0, output), 1));
    }

    private static Dictionary<string, object?> ReplaceSize(IReplacement replacement, Size recorded, int first)
    {
        long[] kept = KeptLengths.Of(replacement, recorded.Shape, first);
        return recorded.Shape.SequenceEqual(kept) ? [] : new() { ["sizes"] = new Size(kept) };
    }
}
