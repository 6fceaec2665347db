using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Resampling;

/// <summary>Handles <c>nn.functional.interpolate</c> and its older names.</summary>
internal sealed class InterpolateHandler : FunctionHandler
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

    public override OperatorDescription Description => ResamplingRule.Words;

    public override void InferFromInput(IOperator op) => ResamplingRule.InferFromInput(op);

    public override void InferFromOutput(IOperator op) => ResamplingRule.InferFromOutput(op);

    public override void Relate(IRelations relations) => ResamplingRule.Relate(relations);
}
