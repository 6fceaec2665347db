using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles <c>flip</c>: along the flipped axes the last index goes with the first, whatever else is gone.</summary>
internal sealed class FlipHandler : FunctionHandler
{
    private static readonly string[] Names = ["flip", "fliplr", "flipud"];

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(Tensor), Names), .. KeysOf(typeof(TorchSharp.torch), Names)];

    public override OperatorDescription Description => new("the constant at its new place", "an index of any axis", "-");

    public override void InferFromInput(IOperator op)
    {
        foreach ((AxisFacts input, AxisFacts output, int from, int to) in Pairs(op))
        {
            if (input.IsConstant(from))
                output.SetConstant(to, input.ConstantAt(from));
        }
    }

    public override void InferFromOutput(IOperator op)
    {
        foreach ((AxisFacts input, AxisFacts output, int from, int to) in Pairs(op))
        {
            if (!output.IsUsed(to))
                input.SetUnused(from);
        }
    }

    public override void Relate(IRelations relations)
    {
        HashSet<int> flipped = FlippedAxes(relations);
        for (int axis = 0; axis < relations.Input(0).Rank; axis++)
        {
            for (int i = 0; i < relations.Input(0)[axis].Length; i++)
                relations.Tie(AxisRef.OfInput(0, axis), i, AxisRef.OfOutput(0, axis), TargetOf(relations, flipped, axis, i));
        }
    }

    private static IEnumerable<(AxisFacts Input, AxisFacts Output, int From, int To)> Pairs(IOperator op)
    {
        HashSet<int> flipped = FlippedAxes(op);
        for (int axis = 0; axis < op.Input(0).Rank; axis++)
        {
            for (int i = 0; i < op.Input(0)[axis].Length; i++)
                yield return (op.Input(0)[axis], op.Output(0)[axis], i, TargetOf(op, flipped, axis, i));
        }
    }

    private static int TargetOf(IOperator op, HashSet<int> flipped, int axis, int index) =>
        flipped.Contains(axis) ? op.Input(0)[axis].Length - 1 - index : index;

    private static HashSet<int> FlippedAxes(IOperator op) =>
        op.Method!.Name switch
        {
            "flipud" => [0],
            "fliplr" => [1],
            _ => [.. ((long[])op.FindArgument("dims")!).Select(axis => op.Input(0).Normalize((int)axis))],
        };
}
