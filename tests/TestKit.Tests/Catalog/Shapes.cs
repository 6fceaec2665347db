using static TorchSharp.torch;

namespace TestKit.Tests.Catalog;

internal static partial class ModuleCatalog
{
    private static void AddShapes()
    {
        Signal("MaxPool1d", () => nn.MaxPool1d(2));
        Image("MaxPool2d", () => nn.MaxPool2d(2));
        Image("MaxPool2d, padded", () => nn.MaxPool2d(3, stride: 2, padding: 1));
        Volume("MaxPool3d", () => nn.MaxPool3d(2));
        Signal("AvgPool1d", () => nn.AvgPool1d(2));
        Image("AvgPool2d", () => nn.AvgPool2d(2));
        Image("AvgPool2d, padded", () => nn.AvgPool2d(3, stride: 2, padding: 1));
        Volume("AvgPool3d", () => nn.AvgPool3d(2));
        Signal("AdaptiveAvgPool1d", () => nn.AdaptiveAvgPool1d(2));
        Image("AdaptiveAvgPool2d", () => nn.AdaptiveAvgPool2d([1, 1]));
        Volume("AdaptiveAvgPool3d", () => nn.AdaptiveAvgPool3d([2, 2, 1]));
        Signal("AdaptiveMaxPool1d", () => nn.AdaptiveMaxPool1d(2));
        Image("AdaptiveMaxPool2d", () => nn.AdaptiveMaxPool2d([2, 2]));
        Signal("LPPool1d", () => nn.LPPool1d(2, 2));
        Image("LPPool2d", () => nn.LPPool2d(2, [2, 2]));
        Image("Upsample", () => nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Nearest));
        Image("Upsample, bilinear", () => nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear));
        Add("Flatten", kit => kit.Module(() => nn.Flatten(), 2, 6, 2, 2).OtherSizes([3, 6, 2, 2]));
        Add("Unflatten", kit => kit.Module(() => nn.Unflatten(1, [6, 2]), 3, 12).OtherSizes([5, 12]).AtLeast(0));
    }
}
