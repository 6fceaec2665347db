using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Normalization;

/// <summary>Handles <c>nn.LocalResponseNorm</c>.</summary>
internal sealed class LocalResponseNormHandler : RuleModuleHandler<LocalResponseNorm>
{
    public override OperatorDescription Description => LocalResponseRule.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        LocalResponseNorm module = ModuleOf(op);
        return new LocalResponseRule((int)module.size, module.alpha, module.beta, module.k).RulesOf(op);
    }
}
