using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Distance;

/// <summary>Handles <c>nn.functional.pairwise_distance</c>.</summary>
internal sealed class PairwiseDistanceFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "pairwise_distance")];

    public override OperatorDescription Description => DistanceRules.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        DistanceRules.Of(op, op.Argument<double>("p"), op.Argument<double>("eps"), op.FindArgument("keepdim") is true);
}
