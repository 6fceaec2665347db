using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Zoo.Networks;

/// <summary>Short forms of what nearly every convolutional network is made of.</summary>
internal static class Layers
{
    /// <summary>A width divided by the divisor, at least one.</summary>
    public static int Thin(int width, int divisor) => Math.Max(1, width / divisor);

    /// <summary>A square convolution that keeps the size at stride 1, without bias unless asked for one.</summary>
    public static Conv2d Conv(int input, int output, int kernel, int stride = 1, int groups = 1, bool bias = false) =>
        nn.Conv2d(input, output, kernel, stride, kernel / 2, groups: groups, bias: bias);

    /// <summary>Convolution, BatchNorm and the activation, if there is one, as one container.</summary>
    public static Sequential ConvNorm(
        int input,
        int output,
        int kernel,
        int stride = 1,
        int groups = 1,
        nn.Module<Tensor, Tensor>? activation = null,
        double eps = 1e-5
    )
    {
        Conv2d convolution = Conv(input, output, kernel, stride, groups);
        BatchNorm2d norm = nn.BatchNorm2d(output, eps);
        return activation is null ? nn.Sequential(convolution, norm) : nn.Sequential(convolution, norm, activation);
    }

    /// <summary>The nearest multiple of a number, never more than a tenth below the width.</summary>
    public static int MakeDivisible(double width, int divisor)
    {
        int rounded = Math.Max(divisor, (int)(width + divisor / 2.0) / divisor * divisor);
        return rounded < 0.9 * width ? rounded + divisor : rounded;
    }
}
