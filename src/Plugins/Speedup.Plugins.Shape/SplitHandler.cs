using System.Globalization;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>
/// Handles <c>chunk</c>, <c>split</c> and <c>tensor_split</c>. Where the call states the size of each part, the parts are free;
/// where it states one number, all parts keep as many indices as the others.
/// </summary>
internal sealed class SplitHandler : RuleFunctionHandler
{
    private static readonly string[] Names = ["chunk", "split", "tensor_split"];
    private static readonly string[] NumberArguments = ["chunks", "size", "indices_or_sections"];
    private static readonly string[] SizesArguments = ["sizes", "split_size_or_sections", "indices_or_sections"];

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(Tensor), Names), .. KeysOf(typeof(TorchSharp.torch), Names)];

    public override OperatorDescription Description =>
        new(
            "the constant in its part",
            "an index of any axis",
            "equal counts, where the call states one number; everything on the axis, where the last part is shorter"
        );

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        bool statesSizes = FindSizes(op) is not null;
        bool areEqual = !statesSizes && MakesEqualParts(op);
        foreach (AxisRule axes in OtherAxes(op))
            yield return axes;
        foreach (AxisSpan span in Spans(op)) // if the last part is shorter, one number cannot say what is left
            yield return statesSizes || areEqual ? span : new FactsOnly(span);
        if (areEqual)
            yield return new EqualBlocks(AxisRef.OfInput(0, AxisOf(op)), op.OutputCount, $"{op.Name} makes {op.OutputCount} equal parts");
    }

    public override IReadOnlyDictionary<string, object?> Replace(IReplacement replacement)
    {
        long[] kept = [.. Spans(replacement).Select(span => (long)replacement.Kept(span.Output).Count)];
        if (FindSizes(replacement) is var (name, recorded))
        {
            bool areBoundaries = replacement.Method!.Name == "tensor_split";
            long[] sizes = areBoundaries ? [.. kept[..^1].Select((_, k) => kept[..(k + 1)].Sum())] : kept;
            return KeptLengths.AsArgument(name, recorded, sizes);
        }
        bool statesLength = replacement.Method!.Name == "split" && MakesEqualParts(replacement);
        return statesLength && kept[0] != replacement.Output(0).Shape[AxisOf(replacement)]
            ? new Dictionary<string, object?> { ["size"] = kept[0] }
            : base.Replace(replacement);
    }

    private static IEnumerable<AxisSpan> Spans(IOperator op)
    {
        if (op.InputCount > 1)
            yield break; // the boundaries are a tensor
        int axis = AxisOf(op);
        int start = 0;
        for (int k = 0; k < op.OutputCount; k++)
        {
            int length = (int)op.Output(k).Shape[axis];
            yield return new AxisSpan(AxisRef.OfInput(0, axis), start, AxisRef.OfOutput(k, axis), 0, length);
            start += length;
        }
    }

    private static IEnumerable<AlignedAxes> OtherAxes(IOperator op)
    {
        int axis = AxisOf(op);
        return Enumerable
            .Range(0, op.Input(0).Rank)
            .Where(other => other != axis)
            .Select(other => new AlignedAxes(
                [AxisRef.OfInput(0, other)],
                [.. Enumerable.Range(0, op.OutputCount).Select(k => AxisRef.OfOutput(k, other))]
            ));
    }

    private static (string Name, long[] Sizes)? FindSizes(IOperator op)
    {
        foreach (string name in SizesArguments)
        {
            if (op.FindArgument(name) is long[] sizes)
                return (name, sizes);
        }
        return null;
    }

    /// <summary>Whether the call states one number, of parts or of indices in a part, and all parts are equal.</summary>
    private static bool MakesEqualParts(IOperator op)
    {
        int axis = AxisOf(op);
        return NumberArguments.Any(name => op.FindArgument(name) is long)
            && Enumerable.Range(0, op.OutputCount).All(k => op.Output(k).Shape[axis] == op.Output(0).Shape[axis]);
    }

    private static int AxisOf(IOperator op) =>
        op.Input(0).Normalize(Convert.ToInt32(op.FindArgument("dim") ?? 0, CultureInfo.InvariantCulture));
}
