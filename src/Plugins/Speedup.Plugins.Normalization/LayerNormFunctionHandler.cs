using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Normalization;

/// <summary>Handles <c>nn.functional.layer_norm</c> as its module; weight and bias belong to the normalised axes, and stay.</summary>
internal sealed class LayerNormFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "layer_norm")];

    public override OperatorDescription Description => NormalizedAxes.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        NormalizedAxes.Before(op, op.Argument<long[]>("normalized_shape").Length);
}
