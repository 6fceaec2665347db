using static TorchSharp.torch;

namespace Speedup.Pruners.Magnitude;

/// <summary>
/// The sum of the distances of a filter to all others: what is near the geometric median can be replaced by the rest (He et al., "Filter
/// Pruning via Geometric Median", CVPR 2019).
/// </summary>
internal sealed class FpgmPruner : WeightPruner
{
    public override string Name => "fpgm";

    public override string Description => "filters that are nearest to all others of their layer";

    /// <summary>The differences themselves: the way over a matrix product is quicker, but does not give equal distances for equal differences.</summary>
    protected override Tensor Score(Tensor filters) =>
        cdist(filters, filters, 2, TorchSharp.compute_mode.donot_use_mm_for_euclid_dist).sum(1);
}
