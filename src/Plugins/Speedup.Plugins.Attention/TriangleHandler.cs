using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// Handles <c>tril</c> and <c>triu</c>: they place zeros by position on the last two axes, which therefore stay; the others can
/// change.
/// </summary>
internal sealed class TriangleHandler : FunctionHandler
{
    public override OperatorDescription Description =>
        new("an index that is zero", "an index", "the two axes of the triangle") { Folded = "-" };

    private static readonly string[] Names = ["tril", "triu"];

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(Tensor), Names), .. KeysOf(typeof(TorchSharp.torch), Names)];

    public override void InferFromInput(IOperator op)
    {
        for (int axis = 0; axis < op.Input(0).Rank; axis++)
            AlignedAxes.Of(axis, axis).InferFromInput(op, value => value == 0 ? 0 : double.NaN);
    }

    public override void InferFromOutput(IOperator op)
    {
        for (int axis = 0; axis < op.Input(0).Rank; axis++)
            AlignedAxes.Of(axis, axis).InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        for (int axis = 0; axis < relations.Input(0).Rank - 2; axis++)
            AlignedAxes.Of(axis, axis).Relate(relations);
    }
}
