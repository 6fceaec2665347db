using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Distance;

/// <summary>Handles <c>nn.functional.cosine_similarity</c>.</summary>
internal sealed class CosineSimilarityFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "cosine_similarity")];

    public override OperatorDescription Description => CosineRules.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        CosineRules.Of(op, op.Argument<long>("dim"), op.Argument<double>("eps"));
}
