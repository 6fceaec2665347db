using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Normalization;

/// <summary>Handles <c>nn.functional.group_norm</c> as its module.</summary>
internal sealed class GroupNormFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "group_norm")];

    public override OperatorDescription Description => new("nothing", "the batch axis", "all channels");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => NormalizedAxes.Batch;
}
