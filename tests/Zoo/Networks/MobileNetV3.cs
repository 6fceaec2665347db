using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>MobileNetV3, small and large: squeeze-and-excitation gates and hard swish.</summary>
public sealed class MobileNetV3 : nn.Module<Tensor, Tensor>
{
    private static readonly MobileBlock[] Small =
    [
        new(3, 16, 16, true, false, 2),
        new(3, 72, 24, false, false, 2),
        new(3, 88, 24, false, false, 1),
        new(5, 96, 40, true, true, 2),
        new(5, 240, 40, true, true, 1),
        new(5, 240, 40, true, true, 1),
        new(5, 120, 48, true, true, 1),
        new(5, 144, 48, true, true, 1),
        new(5, 288, 96, true, true, 2),
        new(5, 576, 96, true, true, 1),
        new(5, 576, 96, true, true, 1),
    ];

    private static readonly MobileBlock[] Large =
    [
        new(3, 16, 16, false, false, 1),
        new(3, 64, 24, false, false, 2),
        new(3, 72, 24, false, false, 1),
        new(5, 72, 40, true, false, 2),
        new(5, 120, 40, true, false, 1),
        new(5, 120, 40, true, false, 1),
        new(3, 240, 80, false, true, 2),
        new(3, 200, 80, false, true, 1),
        new(3, 184, 80, false, true, 1),
        new(3, 184, 80, false, true, 1),
        new(3, 480, 112, true, true, 1),
        new(3, 672, 112, true, true, 1),
        new(5, 672, 160, true, true, 2),
        new(5, 960, 160, true, true, 1),
        new(5, 960, 160, true, true, 1),
    ];

    private readonly Sequential features;
    private readonly AdaptiveAvgPool2d avgpool;
    private readonly Sequential classifier;

    private MobileNetV3(string name, MobileBlock[] blocks, int head, int divisor, int classes)
        : base(name)
    {
        int channels = Thin(16, divisor);
        int last = Thin(6 * blocks[^1].Output, divisor);
        var layers = new List<nn.Module<Tensor, Tensor>> { ConvNorm(3, channels, 3, 2, 1, nn.Hardswish(inplace: true), 0.001) };
        foreach (MobileBlock block in blocks)
            layers.Add(new MobileResidual(channels, channels = Thin(block.Output, divisor), block, divisor));
        layers.Add(ConvNorm(channels, last, 1, activation: nn.Hardswish(inplace: true), eps: 0.001));
        features = nn.Sequential(layers);
        avgpool = nn.AdaptiveAvgPool2d(1);
        int hidden = Thin(head, divisor);
        classifier = nn.Sequential(nn.Linear(last, hidden), nn.Hardswish(inplace: true), nn.Dropout(0.2), nn.Linear(hidden, classes));
        RegisterComponents();
    }

    public static MobileNetV3 CreateSmall(int divisor, int classes) => new("mobilenet_v3_small", Small, 1024, divisor, classes);

    public static MobileNetV3 CreateLarge(int divisor, int classes) => new("mobilenet_v3_large", Large, 1280, divisor, classes);

    public override Tensor forward(Tensor input)
    {
        Tensor x = avgpool.forward(features.forward(input));
        x = flatten(x, 1);
        return classifier.forward(x);
    }
}

/// <summary>One row of the paper's table.</summary>
internal sealed record MobileBlock(int Kernel, int Expanded, int Output, bool Gated, bool HardSwish, int Stride);

/// <summary>An inverted residual with an optional gate.</summary>
internal sealed class MobileResidual : nn.Module<Tensor, Tensor>
{
    private readonly Sequential block;
    private readonly bool _useShortcut;

    public MobileResidual(int input, int output, MobileBlock row, int divisor)
        : base(nameof(MobileResidual))
    {
        int expanded = Thin(row.Expanded, divisor);
        var layers = new List<nn.Module<Tensor, Tensor>>();
        if (expanded != input)
            layers.Add(ConvNorm(input, expanded, 1, 1, 1, Activation(), 0.001));
        layers.Add(ConvNorm(expanded, expanded, row.Kernel, row.Stride, expanded, Activation(), 0.001));
        if (row.Gated)
        {
            int squeezed = Thin(MakeDivisible(row.Expanded / 4.0, 8), divisor);
            layers.Add(new SqueezeExcitation(expanded, squeezed, nn.ReLU(), nn.Hardsigmoid()));
        }
        layers.Add(ConvNorm(expanded, output, 1, eps: 0.001));
        block = nn.Sequential(layers);
        _useShortcut = row.Stride == 1 && input == output;
        RegisterComponents();

        nn.Module<Tensor, Tensor> Activation() => row.HardSwish ? nn.Hardswish(inplace: true) : nn.ReLU(inplace: true);
    }

    public override Tensor forward(Tensor input)
    {
        Tensor result = block.forward(input);
        if (_useShortcut)
            result += input;
        return result;
    }
}
