using Speedup.Abstractions;

namespace RemovesNothing;

/// <summary>Infers all there is, and then mentions no axis: nothing can be removed.</summary>
internal sealed class RemovesNothingHandler : RuleModuleHandler<TorchSharp.Modules.Sigmoid>
{
    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [new FactsOnly(Elementwise.Of(x => 1 / (1 + Math.Exp(-x))))];
}
