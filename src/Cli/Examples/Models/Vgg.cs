using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Cli.Examples.Models;

/// <summary>
/// VGG for CIFAR-10 as in NNI's examples: 3x3 convolutions without bias, each with BatchNorm and ReLU, five poolings (the last
/// one in <c>forward</c>) and a classifier of two layers. Input <c>[N, 3, 32, 32]</c>, output <c>[N, 10]</c>.
/// </summary>
public sealed class Vgg : nn.Module<Tensor, Tensor>
{
    private const int Pool = 0;
    private static readonly int[] Widths16 = [64, 64, Pool, 128, 128, Pool, 256, 256, 256, Pool, 512, 512, 512, Pool, 512, 512, 512];
    private static readonly int[] Widths19 =
    [
        .. (int[])[64, 64, Pool, 128, 128, Pool, 256, 256, 256, 256, Pool],
        .. (int[])[512, 512, 512, 512, Pool, 512, 512, 512, 512],
    ];

    private readonly Sequential feature;
    private readonly Sequential classifier;

    private Vgg(string name, int[] widths, int widthDivisor)
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(widthDivisor);
        int last = widths[^1] / widthDivisor;
        feature = nn.Sequential(FeatureLayers(widths, widthDivisor));
        classifier = nn.Sequential(nn.Linear(last, last), nn.BatchNorm1d(last), nn.ReLU(), nn.Linear(last, 10));
        RegisterComponents();
    }

    /// <summary>VGG-16 with all widths divided by a number.</summary>
    public static Vgg Create16(int widthDivisor = 1) => new("vgg16", Widths16, widthDivisor);

    /// <summary>VGG-19 with all widths divided by a number.</summary>
    public static Vgg Create19(int widthDivisor = 1) => new("vgg19", Widths19, widthDivisor);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Tensor x = feature.forward(input);
        x = nn.functional.avg_pool2d(x, 2);
        x = x.view(x.shape[0], -1);
        return classifier.forward(x);
    }

    private static IEnumerable<nn.Module<Tensor, Tensor>> FeatureLayers(int[] widths, int widthDivisor)
    {
        int channels = 3;
        foreach (int width in widths)
        {
            if (width == Pool)
            {
                yield return nn.MaxPool2d(2, 2);
                continue;
            }
            yield return nn.Conv2d(channels, width / widthDivisor, 3, padding: 1, bias: false);
            yield return nn.BatchNorm2d(width / widthDivisor);
            yield return nn.ReLU();
            channels = width / widthDivisor;
        }
    }
}
