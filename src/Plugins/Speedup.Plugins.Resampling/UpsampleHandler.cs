using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Resampling;

/// <summary>Handles <c>nn.Upsample</c>.</summary>
internal sealed class UpsampleHandler : RuleModuleHandler<Upsample>
{
    public override OperatorDescription Description => ResamplingRules.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => ResamplingRules.Axes;
}
