using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Pruners.Magnitude;

/// <summary>The Euclidean norm of a filter.</summary>
internal sealed class L2Pruner : WeightPruner
{
    public override string Name => "l2";

    public override string Description => "filters of the smallest Euclidean norm";

    public override TieRule Ties => TieRule.Threshold;

    protected override Tensor Score(Tensor filters) => filters.square().sum(1).sqrt();
}
