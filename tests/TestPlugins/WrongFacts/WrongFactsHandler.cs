using Speedup.Abstractions;

namespace WrongFacts;

/// <summary>Says that a sigmoid of zero is zero, and all else right.</summary>
internal sealed class WrongFactsHandler : RuleModuleHandler<TorchSharp.Modules.Sigmoid>
{
    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [Elementwise.Of(x => x == 0 ? 0 : 1 / (1 + Math.Exp(-x)))];
}
