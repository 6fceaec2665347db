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
        Image("GroupNorm", () => nn.GroupNorm(2, 6), atLeast: 0);
        Add("LayerNorm over features", kit => kit.Module(() => nn.LayerNorm(6), 2, 3, 6).OnAxis(-1).OtherSizes([4, 2, 6]).AtLeast(0));
        Add("LayerNorm behind channels", kit => kit.Module(() => nn.LayerNorm(4), 2, 6, 4).OtherSizes([3, 6, 4]));
    }
}
