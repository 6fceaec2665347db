using Speedup.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Normalization;

/// <summary>
/// Handles <c>nn.GroupNorm</c>, whose groups mix channels and positions: only the batch axis passes through, the channels stay.
/// </summary>
internal sealed class GroupNormHandler : ModuleHandler<GroupNorm>
{
    public override void InferFromOutput(IOperator op) => NormalizedAxes.Batch.InferFromOutput(op);

    public override void Relate(IRelations relations) => NormalizedAxes.Batch.Relate(relations);

    public override long CountMacs(IOperator op) => op.Output(0).Shape.Aggregate(1L, (a, b) => a * b);
}
