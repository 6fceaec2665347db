using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Distance;

/// <summary>Handles <c>nn.PairwiseDistance</c>.</summary>
internal sealed class PairwiseDistanceHandler : ModuleHandler<PairwiseDistance>
{
    public override OperatorDescription Description => DistanceRule.Words;

    public override void InferFromOutput(IOperator op) => Find(op)?.InferFromOutput(op);

    public override void Relate(IRelations relations) => Find(relations)?.Relate(relations);

    public override void Constrain(IPlanning plan) => Find(plan)?.Constrain(plan);

    private static ReducedPair? Find(IOperator op) => DistanceRule.Find(op, ModuleOf(op).norm, ModuleOf(op).eps, ModuleOf(op).keepdim);
}
