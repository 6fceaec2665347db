using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>Residual networks: ResNet-18 and -50, ResNeXt-50 32x4d, Wide-ResNet-50-2.</summary>
public sealed class ResNet : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly ReLU relu;
    private readonly MaxPool2d maxpool;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Sequential layer4;
    private readonly AdaptiveAvgPool2d avgpool;
    private readonly Linear fc;

    private ResNet(string name, ResNetShape shape, int classes)
        : base(name)
    {
        int channels = Thin(64, shape.Divisor);
        conv1 = nn.Conv2d(3, channels, 7, stride: 2, padding: 3, bias: false);
        bn1 = nn.BatchNorm2d(channels);
        relu = nn.ReLU(inplace: true);
        maxpool = nn.MaxPool2d(3, stride: 2, padding: 1);
        layer1 = shape.Stage(0, ref channels);
        layer2 = shape.Stage(1, ref channels);
        layer3 = shape.Stage(2, ref channels);
        layer4 = shape.Stage(3, ref channels);
        avgpool = nn.AdaptiveAvgPool2d(1);
        fc = nn.Linear(channels, classes);
        RegisterComponents();
    }

    /// <summary>ResNet-18: basic blocks.</summary>
    public static ResNet Create18(int divisor, int classes) => new("resnet18", new([2, 2, 2, 2], false, divisor), classes);

    /// <summary>ResNet-50: bottleneck blocks.</summary>
    public static ResNet Create50(int divisor, int classes) => new("resnet50", new([3, 4, 6, 3], true, divisor), classes);

    /// <summary>ResNeXt-50 32x4d; a divisor takes groups away and leaves the width of a group.</summary>
    public static ResNet CreateResNeXt50(int divisor, int classes) =>
        new("resnext50_32x4d", new([3, 4, 6, 3], true, divisor) { Groups = 32, BaseWidth = 4 }, classes);

    /// <summary>Wide-ResNet-50-2: inner widths doubled.</summary>
    public static ResNet CreateWide50(int divisor, int classes) =>
        new("wide_resnet50_2", new([3, 4, 6, 3], true, divisor) { BaseWidth = 128 }, classes);

    public override Tensor forward(Tensor input)
    {
        Tensor x = maxpool.forward(relu.forward(bn1.forward(conv1.forward(input))));
        x = layer4.forward(layer3.forward(layer2.forward(layer1.forward(x))));
        x = avgpool.forward(x);
        x = flatten(x, 1);
        return fc.forward(x);
    }
}
