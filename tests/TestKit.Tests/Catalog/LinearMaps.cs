using static TorchSharp.torch;

namespace TestKit.Tests.Catalog;

internal static partial class ModuleCatalog
{
    private static void AddLinearMaps()
    {
        Rows("Linear", () => nn.Linear(6, 5));
        Rows("Linear without bias", () => nn.Linear(6, 5, hasBias: false));
        Add("Linear on sequences", kit => kit.Module(() => nn.Linear(6, 5), 2, 3, 6).OnAxis(-1, -1).OtherSizes([1, 4, 6]));
        Signal("Conv1d", () => nn.Conv1d(6, 5, 3));
        Signal("Conv1d, padded", () => nn.Conv1d(6, 5, 3, padding: 1, stride: 2));
        Image("Conv2d", () => nn.Conv2d(6, 5, 3));
        Image("Conv2d without bias", () => nn.Conv2d(6, 5, 3, bias: false));
        Image("Conv2d, padded", () => nn.Conv2d(6, 5, 3, padding: 1));
        Image("Conv2d, groups", () => nn.Conv2d(6, 4, 3, groups: 2));
        Image("Conv2d, depthwise", () => nn.Conv2d(6, 6, 3, padding: 1, groups: 6));
        // Two outputs of one input go together; brute force does not see that where a mask has cut one of them off.
        Image("Conv2d, depthwise with multiplier", () => nn.Conv2d(6, 12, 2, groups: 6), atLeast: 0.9);
        Volume("Conv3d", () => nn.Conv3d(6, 4, 2));
        Volume("Conv3d, padded", () => nn.Conv3d(6, 4, 3, padding: 1));
        Signal("ConvTranspose1d", () => nn.ConvTranspose1d(6, 5, 3));
        Image("ConvTranspose2d", () => nn.ConvTranspose2d(6, 5, 2, stride: 2));
        Image("ConvTranspose2d, groups", () => nn.ConvTranspose2d(6, 4, 3, groups: 2));
        Volume("ConvTranspose3d", () => nn.ConvTranspose3d(6, 4, 2));
    }
}
