using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Pruners.Magnitude;

/// <summary>
/// The absolute scales of BatchNorm layers, ranked over all of them (Liu et al., "Learning Efficient Convolutional Networks through
/// Network Slimming", ICCV 2017).
/// </summary>
internal sealed class SlimPruner : WeightPruner
{
    public override string Name => "slim";

    public override string Description => "channels of the smallest BatchNorm scale in the whole model";

    public override IReadOnlyList<string> DefaultOpTypes => LayerTypes.BatchNorm;

    public override TieRule Ties => TieRule.Threshold;

    public override PruningRanking Ranking => PruningRanking.Global;

    protected override Tensor Score(Tensor filters) => filters.abs().sum(1);
}
