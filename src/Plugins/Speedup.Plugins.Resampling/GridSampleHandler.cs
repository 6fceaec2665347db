using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Resampling;

/// <summary>
/// Handles <c>nn.functional.grid_sample</c>: input <c>[N, C, ...]</c>, grid <c>[N, ..., 2 or 3]</c>. Where it reads is data, border
/// included, so that no constant is known to stay one.
/// </summary>
internal sealed class GridSampleHandler : FunctionHandler
{
    private static readonly AlignedAxes Samples = new([AxisRef.OfInput(0, 0), AxisRef.OfInput(1, 0)], [AxisRef.OfOutput(0, 0)]);
    private static readonly AlignedAxes Channels = AlignedAxes.Of(1, 1);

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "grid_sample")];

    public override OperatorDescription Description =>
        new("nothing: where it reads is data", "a channel", "positions; the grid; constant channels");

    public override void InferFromOutput(IOperator op)
    {
        Samples.InferFromOutput(op);
        Channels.InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        Samples.Relate(relations);
        Channels.Relate(relations);
    }
}
