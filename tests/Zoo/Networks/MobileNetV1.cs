using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>MobileNetV1: depthwise and 1x1 convolutions in turn.</summary>
public sealed class MobileNetV1 : nn.Module<Tensor, Tensor>
{
    private static readonly (int Width, int Stride)[] Blocks =
    [
        .. ((int, int)[])[(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)],
        .. Enumerable.Repeat((512, 1), 5),
        .. ((int, int)[])[(1024, 2), (1024, 1)],
    ];

    private readonly Sequential features;
    private readonly Linear classifier;

    public MobileNetV1(int divisor, int classes)
        : base(nameof(MobileNetV1))
    {
        int channels = Thin(32, divisor);
        var layers = new List<nn.Module<Tensor, Tensor>> { ConvNorm(3, channels, 3, 2, activation: nn.ReLU(inplace: true)) };
        foreach ((int width, int stride) in Blocks)
        {
            layers.Add(ConvNorm(channels, channels, 3, stride, channels, nn.ReLU(inplace: true)));
            layers.Add(ConvNorm(channels, channels = Thin(width, divisor), 1, activation: nn.ReLU(inplace: true)));
        }
        features = nn.Sequential(layers);
        classifier = nn.Linear(channels, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => classifier.call(features.call(input).mean([2, 3]));
}
