using Speedup.Abstractions;

namespace SharesItself;

internal sealed class OwnModuleHandler : RuleModuleHandler<OwnModule>
{
    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [Elementwise.Varying];
}
