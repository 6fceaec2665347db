using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Distance;

/// <summary>Handles <c>nn.PairwiseDistance</c>.</summary>
internal sealed class PairwiseDistanceHandler : RuleModuleHandler<PairwiseDistance>
{
    public override OperatorDescription Description => DistanceRules.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        DistanceRules.Of(op, ModuleOf(op).norm, ModuleOf(op).eps, ModuleOf(op).keepdim);
}
