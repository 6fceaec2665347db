using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>SqueezeNet 1.1: fire modules, and a convolution as the classifier.</summary>
public sealed class SqueezeNet : nn.Module<Tensor, Tensor>
{
    private readonly Sequential features;
    private readonly Sequential classifier;

    public SqueezeNet(int divisor, int classes)
        : base(nameof(SqueezeNet))
    {
        int stem = Thin(64, divisor);
        features = nn.Sequential(
            nn.Conv2d(3, stem, 3, stride: 2),
            nn.ReLU(inplace: true),
            nn.MaxPool2d(3, stride: 2, ceil_mode: true),
            Fire(64, 16, 64),
            Fire(128, 16, 64),
            nn.MaxPool2d(3, stride: 2, ceil_mode: true),
            Fire(128, 32, 128),
            Fire(256, 32, 128),
            nn.MaxPool2d(3, stride: 2, ceil_mode: true),
            Fire(256, 48, 192),
            Fire(384, 48, 192),
            Fire(384, 64, 256),
            Fire(512, 64, 256)
        );
        classifier = nn.Sequential(
            nn.Dropout(),
            nn.Conv2d(Thin(512, divisor), classes, 1),
            nn.ReLU(inplace: true),
            nn.AdaptiveAvgPool2d(1)
        );
        RegisterComponents();

        FireModule Fire(int input, int squeeze, int expand) => new(Thin(input, divisor), Thin(squeeze, divisor), Thin(expand, divisor));
    }

    public override Tensor forward(Tensor input) => flatten(classifier.forward(features.forward(input)), 1);
}

/// <summary>A squeeze, and two expansions side by side.</summary>
internal sealed class FireModule : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d squeeze;
    private readonly ReLU squeeze_activation;
    private readonly Conv2d expand1x1;
    private readonly ReLU expand1x1_activation;
    private readonly Conv2d expand3x3;
    private readonly ReLU expand3x3_activation;

    public FireModule(int input, int squeezed, int expanded)
        : base(nameof(FireModule))
    {
        squeeze = Conv(input, squeezed, 1, bias: true);
        squeeze_activation = nn.ReLU(inplace: true);
        expand1x1 = Conv(squeezed, expanded, 1, bias: true);
        expand1x1_activation = nn.ReLU(inplace: true);
        expand3x3 = Conv(squeezed, expanded, 3, bias: true);
        expand3x3_activation = nn.ReLU(inplace: true);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = squeeze_activation.forward(squeeze.forward(input));
        return cat([expand1x1_activation.forward(expand1x1.forward(x)), expand3x3_activation.forward(expand3x3.forward(x))], 1);
    }
}
