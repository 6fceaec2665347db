using Speedup.TestKit;
using static TorchSharp.torch;

namespace TestKit.Tests.Planted;

/// <summary>What each planted fault is looked for with.</summary>
internal static class PlantedSubject
{
    public static KitSubject Slopes(PluginKit kit) => kit.Module(() => nn.PReLU(6), 2, 6, 3, 3).OtherSizes([3, 6, 2, 4]);

    public static KitSubject Norm(PluginKit kit) => kit.Module(() => nn.BatchNorm2d(6), 2, 6, 3, 3).OtherSizes([3, 6, 2, 4], [7, 6, 6, 9]);

    public static KitSubject Convolution(PluginKit kit) => kit.Module(() => nn.Conv2d(6, 8, 3), 2, 6, 4, 4).OtherSizes([3, 6, 8, 5]);

    public static KitSubject PaddedConvolution(PluginKit kit) =>
        kit.Module(() => nn.Conv2d(6, 8, 3, padding: 1), 2, 6, 4, 4).OtherSizes([1, 6, 8, 5]);

    public static KitSubject GroupedConvolution(PluginKit kit) =>
        kit.Module(() => nn.Conv2d(6, 8, 3, groups: 2), 2, 6, 4, 4).OtherSizes([1, 6, 8, 5]).AtLeast(0.5);

    public static KitSubject Sinc(PluginKit kit) => kit.Function("sinc", x => x.sinc(), 2, 6, 3, 3).OtherSizes([3, 6, 2, 4]);

    public static KitSubject Softmax(PluginKit kit) => kit.Function("softmax", x => x.softmax(1), 2, 6, 3, 3).AtLeast(0);

    public static KitSubject View(PluginKit kit) => kit.Function("view", x => x.view(x.shape[0], x.shape[1], 9), 2, 6, 3, 3);
}
