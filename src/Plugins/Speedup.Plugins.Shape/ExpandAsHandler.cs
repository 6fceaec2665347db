using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles <c>expand_as</c>: the other tensor gives its shape only, and loses what the output loses.</summary>
internal sealed class ExpandAsHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(Tensor), "expand_as")];

    public override OperatorDescription Description =>
        new(
            "the constant, expanded or not",
            "an index of an axis that is not expanded; everything of the other tensor: only its shape counts",
            "-"
        );

    public override void InferFromInput(IOperator op)
    {
        op.Output(0).SetConstant(op.Input(0).FindConstant());
        foreach (AlignedAxes axes in UnexpandedAxes.Of(op))
            axes.InferFromInput(op);
    }

    public override void InferFromOutput(IOperator op)
    {
        foreach (AlignedAxes axes in UnexpandedAxes.Of(op))
            axes.InferFromOutput(op);
        for (int axis = 0; axis < op.Input(1).Rank; axis++)
        for (int i = 0; i < op.Input(1)[axis].Length; i++)
            op.Input(1)[axis].SetUnused(i);
    }

    public override void Relate(IRelations relations)
    {
        foreach (AlignedAxes axes in UnexpandedAxes.Of(relations))
            axes.Relate(relations);
        for (int axis = 0; axis < relations.Output(0).Rank; axis++)
            relations.Tie(AxisRef.OfInput(1, axis), AxisRef.OfOutput(0, axis));
    }
}
