using Speedup.Abstractions;
using Speedup.Modules;

namespace Speedup.Plugins.Resampling;

/// <summary>Handles the module <see cref="Interpolate"/>; its sizes are of positions, which stay.</summary>
internal sealed class InterpolateModuleHandler : RuleModuleHandler<Interpolate>
{
    public override OperatorDescription Description => ResamplingRules.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => ResamplingRules.Axes;
}
