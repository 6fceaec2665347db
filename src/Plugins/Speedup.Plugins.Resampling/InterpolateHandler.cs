using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Resampling;

/// <summary>Handles <c>nn.functional.interpolate</c> and its older names.</summary>
internal sealed class InterpolateHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [
            .. KeysOf(
                typeof(torch.nn.functional),
                "interpolate",
                "upsample",
                "upsample_bilinear",
                "upsample_nearest",
                "upsample_nearest1d",
                "upsample_nearest2d",
                "upsample_nearest3d"
            ),
        ];

    public override OperatorDescription Description => ResamplingRules.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => ResamplingRules.Axes;
}
