using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>
/// Handles <c>repeat</c> and <c>tile</c>: an index goes with all its copies. Where an axis of one index is repeated, the number of copies is in
/// the source, so that the axis stays.
/// </summary>
internal sealed class RepeatHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "repeat", "tile"), .. KeysOf(typeof(TorchSharp.torch), "tile")];

    public override OperatorDescription Description =>
        new("the constant in each copy", "an index whose copies are all unused", "an axis of one index that is repeated");

    public override void InferFromInput(IOperator op)
    {
        op.Output(0).SetConstant(op.Input(0).FindConstant());
        foreach ((AxisRef input, AxisRef output) in LongAxes(op))
        {
            AxisFacts facts = op.Facts(input);
            for (int i = 0; i < op.Facts(output).Length; i++)
            {
                if (facts.IsConstant(i % facts.Length))
                    op.Facts(output).SetConstant(i, facts.ConstantAt(i % facts.Length));
            }
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        foreach ((AxisRef input, AxisRef output) in LongAxes(op))
        {
            for (int i = 0; i < op.Facts(input).Length; i++)
            {
                if (Copies(op, input, output, i).All(copy => !op.Facts(output).IsUsed(copy)))
                    op.Facts(input).SetUnused(i);
            }
        }
    }

    public override void Relate(IRelations relations)
    {
        foreach ((AxisRef input, AxisRef output) in LongAxes(relations))
        {
            for (int i = 0; i < relations.Facts(input).Length; i++)
                foreach (int copy in Copies(relations, input, output, i))
                    relations.Tie(input, i, output, copy);
        }
    }

    private static IEnumerable<int> Copies(IOperator op, AxisRef input, AxisRef output, int index) =>
        Enumerable.Range(0, op.Facts(output).Length / op.Facts(input).Length).Select(copy => (copy * op.Facts(input).Length) + index);

    /// <summary>Axes of more than one index; new ones come first.</summary>
    private static IEnumerable<(AxisRef Input, AxisRef Output)> LongAxes(IOperator op)
    {
        int added = op.Output(0).Rank - op.Input(0).Rank;
        return Enumerable
            .Range(0, op.Input(0).Rank)
            .Where(axis => op.Input(0).Shape[axis] > 1 && op.Output(0).Shape[axis + added] > 0)
            .Select(axis => (AxisRef.OfInput(0, axis), AxisRef.OfOutput(0, axis + added)));
    }
}
