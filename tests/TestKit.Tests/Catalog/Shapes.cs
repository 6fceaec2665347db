using Speedup.TestKit.Subjects;
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
        Image("Upsample, bilinear", () => nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false));
        // The regions are drawn at random; with two of them they come out the same whatever is drawn.
        Image("FractionalMaxPool2d", () => nn.FractionalMaxPool2d(2, output_size: 2));
        Add(
            "FractionalMaxPool3d",
            kit => kit.Module(() => nn.FractionalMaxPool3d(2, output_size: 2), 2, 6, 4, 4, 4).OtherSizes([1, 6, 5, 4, 6])
        );
        Unpool(
            "MaxUnpool1d",
            () => nn.MaxUnpool1d(2),
            x => nn.functional.max_pool1d_with_indices(x, 2),
            (m, x, at) => m.call(x, at, null!),
            8
        );
        Unpool(
            "MaxUnpool2d",
            () => nn.MaxUnpool2d(2),
            x => nn.functional.max_pool2d_with_indices(x, [2, 2]),
            (m, x, at) => m.call(x, at, null!),
            8,
            2
        );
        Unpool(
            "MaxUnpool3d",
            () => nn.MaxUnpool3d(2),
            x => nn.functional.max_pool3d_with_indices(x, [2, 2, 2]),
            (m, x, at) => m.call(x, at, null!),
            8,
            2,
            2
        );
    }

    /// <summary>Indices come from a pooling, so that channels of both inputs can go.</summary>
    private static void Unpool<TModule>(
        string name,
        Func<TModule> create,
        Func<Tensor, (Tensor, Tensor)> pool,
        Func<TModule, Tensor, Tensor, Tensor> unpool,
        params long[] positions
    )
        where TModule : nn.Module =>
        Add(
            name,
            kit =>
                kit.Module(
                        create,
                        (module, inputs) =>
                        {
                            (Tensor values, Tensor indices) = pool(inputs[0]);
                            return [unpool(module, values, indices)];
                        },
                        new KitInput([2, 6, .. positions])
                    )
                    .OtherSizes([3, 6, .. positions.Select(length => length + 2)])
        );
}
