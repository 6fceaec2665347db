using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Pruners.Magnitude;

/// <summary>The sum of the absolute weights of a filter (Li et al., "Pruning Filters for Efficient ConvNets", ICLR 2017).</summary>
internal sealed class L1Pruner : WeightPruner
{
    public override string Name => "l1";

    public override string Description => "filters whose absolute weights have the smallest sum";

    public override TieRule Ties => TieRule.Threshold;

    protected override Tensor Score(Tensor filters) => filters.abs().sum(1);
}
