using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Distance;

/// <summary>Handles <c>nn.functional.pairwise_distance</c>.</summary>
internal sealed class PairwiseDistanceFunctionHandler : FunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "pairwise_distance")];

    public override OperatorDescription Description => DistanceRule.Words;

    public override void InferFromOutput(IOperator op) => Find(op)?.InferFromOutput(op);

    public override void Relate(IRelations relations) => Find(relations)?.Relate(relations);

    public override void Constrain(IPlanning plan) => Find(plan)?.Constrain(plan);

    private static ReducedPair? Find(IOperator op) =>
        DistanceRule.Find(op, (double)op.FindArgument("p")!, (double)op.FindArgument("eps")!, op.FindArgument("keepdim") is true);
}
