using static TorchSharp.torch;

namespace TestKit.Tests.Catalog;

internal static partial class ModuleCatalog
{
    private static void AddNormalizations()
    {
        Rows("BatchNorm1d on rows", () => nn.BatchNorm1d(6));
        Signal("BatchNorm1d", () => nn.BatchNorm1d(6));
        Image("BatchNorm2d", () => nn.BatchNorm2d(6));
        Image("BatchNorm2d without parameters", () => nn.BatchNorm2d(6, affine: false));
        Volume("BatchNorm3d", () => nn.BatchNorm3d(6));
        // Mean and variance are over a group: it goes as a whole or not at all.
        Add("GroupNorm", kit => kit.Module(() => nn.GroupNorm(3, 6), 2, 6, 3, 3).OtherSizes([3, 6, 4, 2]).InBlocks(2, 2));
        // Mean and variance are over all features: none of them can go.
        Add("LayerNorm over features", kit => kit.Module(() => nn.LayerNorm(6), 2, 3, 6).OnAxis(-1).OtherSizes([4, 2, 6]).AtLeast(0));
        // Of a constant slice the bias is left. Where all of that is masked away, or one number is left, it is not claimed.
        Add("LayerNorm behind channels", kit => kit.Module(() => nn.LayerNorm([2, 2]), 2, 6, 2, 2).OtherSizes([3, 6, 2, 2]).AtLeast(0.78));
        Signal("InstanceNorm1d", () => nn.InstanceNorm1d(6, eps: 0.1));
        Image("InstanceNorm2d", () => nn.InstanceNorm2d(6, eps: 0.1, affine: true));
        Image("InstanceNorm2d with statistics", () => nn.InstanceNorm2d(6, affine: true, track_running_stats: true));
        Volume("InstanceNorm3d", () => nn.InstanceNorm3d(6, eps: 0.1));
        // Channels are neighbours by position: one that went would bring others together.
        Image("LocalResponseNorm", () => nn.LocalResponseNorm(3, alpha: 0.5, k: 1.5), atLeast: 0);
        Add(
            "LocalResponseNorm on rows",
            kit => kit.Module(() => nn.LocalResponseNorm(3, alpha: 0.5, k: 1.5), 6, 4, 3).OtherSizes([6, 5, 2]).OnAxis(0, 0)
        );
    }
}
