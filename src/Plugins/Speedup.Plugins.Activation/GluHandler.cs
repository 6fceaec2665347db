using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Activation;

/// <summary>Handles <c>nn.GLU</c>.</summary>
internal sealed class GluHandler : RuleModuleHandler<GLU>
{
    public override OperatorDescription Description => GluRule.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => GluRule.Of(op, ModuleOf(op).dim);
}
