using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>VGG-11 with BatchNorm (configuration A).</summary>
public sealed class VggBn : nn.Module<Tensor, Tensor>
{
    private const int Pool = 0;
    private static readonly int[] Widths = [64, Pool, 128, Pool, 256, 256, Pool, 512, 512, Pool, 512, 512, Pool];

    private readonly Sequential features;
    private readonly AdaptiveAvgPool2d avgpool;
    private readonly Sequential classifier;

    public VggBn(int divisor, int classes)
        : base(nameof(VggBn))
    {
        int hidden = Thin(4096, divisor);
        features = nn.Sequential(Features(divisor));
        avgpool = nn.AdaptiveAvgPool2d(7);
        classifier = nn.Sequential(
            nn.Linear(Thin(512, divisor) * 7 * 7, hidden),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(hidden, classes)
        );
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => classifier.call(avgpool.call(features.call(input)).flatten(1));

    private static IEnumerable<nn.Module<Tensor, Tensor>> Features(int divisor)
    {
        int channels = 3;
        foreach (int width in Widths)
        {
            if (width == Pool)
            {
                yield return nn.MaxPool2d(2, 2);
                continue;
            }
            yield return Conv(channels, channels = Thin(width, divisor), 3, bias: true);
            yield return nn.BatchNorm2d(channels);
            yield return nn.ReLU(inplace: true);
        }
    }
}
