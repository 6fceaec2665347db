using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Distance;

/// <summary>Handles <c>nn.CosineSimilarity</c>.</summary>
internal sealed class CosineSimilarityHandler : ModuleHandler<CosineSimilarity>
{
    public override OperatorDescription Description => CosineRule.Words;

    public override void InferFromInput(IOperator op) => CosineRule.InferFromInput(op, ModuleOf(op).dim, ModuleOf(op).eps);

    public override void InferFromOutput(IOperator op) => CosineRule.InferFromOutput(op, ModuleOf(op).dim, ModuleOf(op).eps);

    public override void Relate(IRelations relations) => CosineRule.Relate(relations, ModuleOf(relations).dim);

    public override void Constrain(IPlanning plan) => CosineRule.Constrain(plan, ModuleOf(plan).dim);
}
