using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Distance;

/// <summary>Handles <c>nn.CosineSimilarity</c>.</summary>
internal sealed class CosineSimilarityHandler : RuleModuleHandler<CosineSimilarity>
{
    public override OperatorDescription Description => CosineRules.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => CosineRules.Of(op, ModuleOf(op).dim, ModuleOf(op).eps);
}
