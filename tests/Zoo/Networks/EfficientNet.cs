using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>EfficientNet-B0. Stochastic depth, the identity in evaluation mode, is left out.</summary>
public sealed class EfficientNet : nn.Module<Tensor, Tensor>
{
    private static readonly (int Expand, int Kernel, int Stride, int Width, int Count)[] Stages =
    [
        (1, 3, 1, 16, 1),
        (6, 3, 2, 24, 2),
        (6, 5, 2, 40, 2),
        (6, 3, 2, 80, 3),
        (6, 5, 1, 112, 3),
        (6, 5, 2, 192, 4),
        (6, 3, 1, 320, 1),
    ];

    private readonly Sequential features;
    private readonly AdaptiveAvgPool2d avgpool;
    private readonly Sequential classifier;

    public EfficientNet(int divisor, int classes)
        : base(nameof(EfficientNet))
    {
        int channels = Thin(32, divisor);
        int last = Thin(1280, divisor);
        var stages = new List<nn.Module<Tensor, Tensor>> { ConvNorm(3, channels, 3, 2, activation: nn.SiLU()) };
        foreach (var (expand, kernel, stride, width, count) in Stages)
        {
            var blocks = new List<nn.Module<Tensor, Tensor>>();
            for (int block = 0; block < count; block++)
                blocks.Add(new MbConv(channels, channels = Thin(width, divisor), kernel, block == 0 ? stride : 1, expand));
            stages.Add(nn.Sequential(blocks));
        }
        stages.Add(ConvNorm(channels, last, 1, activation: nn.SiLU()));
        features = nn.Sequential(stages);
        avgpool = nn.AdaptiveAvgPool2d(1);
        classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(last, classes));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => classifier.call(avgpool.call(features.call(input)).flatten(1));
}

/// <summary>An inverted residual whose gate squeezes to a quarter of the block's input.</summary>
internal sealed class MbConv : nn.Module<Tensor, Tensor>
{
    private readonly Sequential block;
    private readonly bool _useShortcut;

    public MbConv(int input, int output, int kernel, int stride, int expand)
        : base(nameof(MbConv))
    {
        int hidden = input * expand;
        var layers = new List<nn.Module<Tensor, Tensor>>();
        if (expand != 1)
            layers.Add(ConvNorm(input, hidden, 1, activation: nn.SiLU()));
        layers.Add(ConvNorm(hidden, hidden, kernel, stride, hidden, nn.SiLU()));
        layers.Add(new SqueezeExcitation(hidden, Math.Max(1, input / 4), nn.SiLU(), nn.Sigmoid()));
        layers.Add(ConvNorm(hidden, output, 1));
        block = nn.Sequential(layers);
        _useShortcut = stride == 1 && input == output;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor result = block.call(input);
        return _useShortcut ? result + input : result;
    }
}
