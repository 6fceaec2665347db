using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace Pruning.Tests.Support;

/// <summary>How much of what masks prune went.</summary>
internal static class Share
{
    /// <summary>The part of the channels of masked weights of two axes and more, whose rows are pruned entirely, that the small model does not have.</summary>
    public static double Gone(MaskSet masks, SpeedupReport report, ITestOutputHelper output)
    {
        (long pruned, long gone) = (0, 0);
        foreach (MaskEntry entry in masks.Entries.Where(entry => entry.Mask.dim() > 1 && entry.Parameter == "weight"))
        {
            LayerReport layer = report.Layers.Single(layer => layer.Path == entry.ModulePath);
            long rows = CountPruned(entry.Mask);
            long left = layer.ShapesBefore["weight"][0] - layer.ShapesAfter["weight"][0];
            pruned += rows;
            gone += Math.Min(rows, left);
            if (left < rows)
                output.WriteLine($"  {entry.ModulePath}: {left} of {rows} went");
        }
        return pruned == 0 ? 1 : (double)gone / pruned;
    }

    private static long CountPruned(Tensor mask)
    {
        using var scope = NewDisposeScope();
        return mask.shape[0] - mask.reshape(mask.shape[0], -1).any(1).sum().item<long>();
    }
}
