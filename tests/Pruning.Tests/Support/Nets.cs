using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pruning.Tests.Support;

/// <summary>Small networks that a test can look through.</summary>
internal static class Nets
{
    /// <summary>Layers in a row.</summary>
    public static Sequential Row(params (string Name, nn.Module<Tensor, Tensor> Module)[] layers)
    {
        Sequential row = nn.Sequential(layers);
        row.eval();
        return row;
    }

    /// <summary>A convolution whose filter i holds (i + 1) * scale everywhere, as NNI's tests have it.</summary>
    public static Conv2d Rising(int filters, double scale = 1, int offset = 1)
    {
        Conv2d layer = nn.Conv2d(3, filters, 5);
        using var noGradient = no_grad();
        for (int i = 0; i < filters; i++)
        {
            using Tensor value = tensor(scale * (i + offset));
            layer.weight[i].copy_(value.expand(3, 5, 5));
        }
        return layer;
    }

    /// <summary>A BatchNorm with given scales.</summary>
    public static BatchNorm2d Norm(params float[] scales)
    {
        BatchNorm2d norm = nn.BatchNorm2d(scales.Length);
        using var noGradient = no_grad();
        using Tensor values = tensor(scales);
        norm.weight.copy_(values);
        return norm;
    }
}
