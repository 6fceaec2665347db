using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>AlexNet in its one-stream form.</summary>
public sealed class AlexNet : nn.Module<Tensor, Tensor>
{
    private readonly Sequential features;
    private readonly AdaptiveAvgPool2d avgpool;
    private readonly Sequential classifier;

    public AlexNet(int divisor, int classes)
        : base(nameof(AlexNet))
    {
        int[] widths = [.. new[] { 64, 192, 384, 256, 256, 4096 }.Select(width => Thin(width, divisor))];
        features = nn.Sequential(
            nn.Conv2d(3, widths[0], 11, stride: 4, padding: 2),
            nn.ReLU(inplace: true),
            nn.MaxPool2d(3, stride: 2),
            Conv(widths[0], widths[1], 5, bias: true),
            nn.ReLU(inplace: true),
            nn.MaxPool2d(3, stride: 2),
            Conv(widths[1], widths[2], 3, bias: true),
            nn.ReLU(inplace: true),
            Conv(widths[2], widths[3], 3, bias: true),
            nn.ReLU(inplace: true),
            Conv(widths[3], widths[4], 3, bias: true),
            nn.ReLU(inplace: true),
            nn.MaxPool2d(3, stride: 2)
        );
        avgpool = nn.AdaptiveAvgPool2d(6);
        classifier = nn.Sequential(
            nn.Dropout(),
            nn.Linear(widths[4] * 6 * 6, widths[5]),
            nn.ReLU(inplace: true),
            nn.Dropout(),
            nn.Linear(widths[5], widths[5]),
            nn.ReLU(inplace: true),
            nn.Linear(widths[5], classes)
        );
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = avgpool.forward(features.forward(input));
        return classifier.forward(flatten(x, 1));
    }
}
