using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Zoo.Networks;

/// <summary>Convolution, BatchNorm, ReLU: the brick of the Inception family.</summary>
internal sealed class BasicConv2d : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d bn;

    public BasicConv2d(int input, int output, (int Height, int Width) kernel, int stride = 1, (int Height, int Width)? padding = null)
        : base(nameof(BasicConv2d))
    {
        (int height, int width) = padding ?? (0, 0);
        conv = nn.Conv2d(input, output, (kernel.Height, kernel.Width), (stride, stride), (height, width), bias: false);
        bn = nn.BatchNorm2d(output, eps: 0.001);
        RegisterComponents();
    }

    /// <summary>A square kernel; the size stays at stride 1 if <paramref name="same"/>.</summary>
    public static BasicConv2d Square(int input, int output, int kernel, int stride = 1, bool same = true) =>
        new(input, output, (kernel, kernel), stride, same ? (kernel / 2, kernel / 2) : null);

    public override Tensor forward(Tensor input) => nn.functional.relu(bn.forward(conv.forward(input)), inplace: true);
}
