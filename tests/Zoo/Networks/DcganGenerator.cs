using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>The generator of DCGAN: from <c>[N, 100, 1, 1]</c> noise to <c>[N, 3, 64, 64]</c> images.</summary>
public sealed class DcganGenerator : nn.Module<Tensor, Tensor>
{
    private readonly Sequential main;

    public DcganGenerator(int divisor)
        : base(nameof(DcganGenerator))
    {
        int[] widths = [.. new[] { 512, 256, 128, 64 }.Select(width => Thin(width, divisor))];
        var layers = new List<nn.Module<Tensor, Tensor>>();
        int input = 100;
        for (int level = 0; level < widths.Length; level++)
        {
            (int stride, int padding) = level == 0 ? (1, 0) : (2, 1);
            layers.Add(nn.ConvTranspose2d(input, widths[level], 4, stride, padding, bias: false));
            layers.Add(nn.BatchNorm2d(widths[level]));
            layers.Add(nn.ReLU(inplace: true));
            input = widths[level];
        }
        layers.Add(nn.ConvTranspose2d(input, 3, 4, stride: 2, padding: 1, bias: false));
        layers.Add(nn.Tanh());
        main = nn.Sequential(layers);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => main.forward(input);
}
