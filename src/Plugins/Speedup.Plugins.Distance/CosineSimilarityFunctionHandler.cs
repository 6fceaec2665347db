using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Distance;

/// <summary>Handles <c>nn.functional.cosine_similarity</c>.</summary>
internal sealed class CosineSimilarityFunctionHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "cosine_similarity")];

    public override OperatorDescription Description => CosineRule.Words;

    public override void InferFromInput(IOperator op) => CosineRule.InferFromInput(op, AxisOf(op), EpsOf(op));

    public override void InferFromOutput(IOperator op) => CosineRule.InferFromOutput(op, AxisOf(op), EpsOf(op));

    public override void Relate(IRelations relations) => CosineRule.Relate(relations, AxisOf(relations));

    public override void Constrain(IPlanning plan) => CosineRule.Constrain(plan, AxisOf(plan));

    private static long AxisOf(IOperator op) => (long)op.FindArgument("dim")!;

    private static double EpsOf(IOperator op) => (double)op.FindArgument("eps")!;
}
