using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>MobileNetV2: inverted residuals with linear bottlenecks.</summary>
public sealed class MobileNetV2 : nn.Module<Tensor, Tensor>
{
    private static readonly (int Expand, int Width, int Count, int Stride)[] Settings =
    [
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    ];

    private readonly Sequential features;
    private readonly Sequential classifier;

    public MobileNetV2(int divisor, int classes)
        : base(nameof(MobileNetV2))
    {
        int channels = Thin(32, divisor);
        int last = Thin(1280, divisor);
        var layers = new List<nn.Module<Tensor, Tensor>> { ConvNorm(3, channels, 3, 2, activation: nn.ReLU6(inplace: true)) };
        foreach ((int expand, int width, int count, int stride) in Settings)
            for (int block = 0; block < count; block++)
                layers.Add(new InvertedResidual(channels, channels = Thin(width, divisor), block == 0 ? stride : 1, expand));
        layers.Add(ConvNorm(channels, last, 1, activation: nn.ReLU6(inplace: true)));
        features = nn.Sequential(layers);
        classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(last, classes));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = features.forward(input);
        x = nn.functional.adaptive_avg_pool2d(x, 1).reshape(x.shape[0], -1);
        return classifier.forward(x);
    }
}

/// <summary>Expand, filter each channel, project; with a shortcut where the shape stays.</summary>
internal sealed class InvertedResidual : nn.Module<Tensor, Tensor>
{
    private readonly Sequential conv;
    private readonly bool _useShortcut;

    public InvertedResidual(int input, int output, int stride, int expand)
        : base(nameof(InvertedResidual))
    {
        int hidden = input * expand;
        var layers = new List<nn.Module<Tensor, Tensor>>();
        if (expand != 1)
            layers.Add(ConvNorm(input, hidden, 1, activation: nn.ReLU6(inplace: true)));
        layers.Add(ConvNorm(hidden, hidden, 3, stride, hidden, nn.ReLU6(inplace: true)));
        layers.Add(Conv(hidden, output, 1));
        layers.Add(nn.BatchNorm2d(output));
        conv = nn.Sequential(layers);
        _useShortcut = stride == 1 && input == output;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => _useShortcut ? input + conv.forward(input) : conv.forward(input);
}
