using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.BasicConv2d;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>Inception-v3. The auxiliary classifier is registered, and never called in evaluation mode.</summary>
public sealed class InceptionV3 : nn.Module<Tensor, Tensor>
{
    private readonly BasicConv2d Conv2d_1a_3x3;
    private readonly BasicConv2d Conv2d_2a_3x3;
    private readonly BasicConv2d Conv2d_2b_3x3;
    private readonly MaxPool2d maxpool1;
    private readonly BasicConv2d Conv2d_3b_1x1;
    private readonly BasicConv2d Conv2d_4a_3x3;
    private readonly MaxPool2d maxpool2;
    private readonly InceptionA Mixed_5b;
    private readonly InceptionA Mixed_5c;
    private readonly InceptionA Mixed_5d;
    private readonly InceptionB Mixed_6a;
    private readonly InceptionC Mixed_6b;
    private readonly InceptionC Mixed_6c;
    private readonly InceptionC Mixed_6d;
    private readonly InceptionC Mixed_6e;
    private readonly InceptionAux AuxLogits;
    private readonly InceptionD Mixed_7a;
    private readonly InceptionE Mixed_7b;
    private readonly InceptionE Mixed_7c;
    private readonly AdaptiveAvgPool2d avgpool;
    private readonly Dropout dropout;
    private readonly Linear fc;

    public InceptionV3(int divisor, int classes)
        : base(nameof(InceptionV3))
    {
        int[] stem = [.. new[] { 32, 32, 64, 80, 192 }.Select(width => Thin(width, divisor))];
        Conv2d_1a_3x3 = Square(3, stem[0], 3, stride: 2, same: false);
        Conv2d_2a_3x3 = Square(stem[0], stem[1], 3, same: false);
        Conv2d_2b_3x3 = Square(stem[1], stem[2], 3);
        maxpool1 = nn.MaxPool2d(3, stride: 2);
        Conv2d_3b_1x1 = Square(stem[2], stem[3], 1);
        Conv2d_4a_3x3 = Square(stem[3], stem[4], 3, same: false);
        maxpool2 = nn.MaxPool2d(3, stride: 2);
        Mixed_5b = new InceptionA(stem[4], divisor, poolFeatures: 32);
        Mixed_5c = new InceptionA(Mixed_5b.Channels, divisor, poolFeatures: 64);
        Mixed_5d = new InceptionA(Mixed_5c.Channels, divisor, poolFeatures: 64);
        Mixed_6a = new InceptionB(Mixed_5d.Channels, divisor);
        Mixed_6b = new InceptionC(Mixed_6a.Channels, divisor, inner: 128);
        Mixed_6c = new InceptionC(Mixed_6b.Channels, divisor, inner: 160);
        Mixed_6d = new InceptionC(Mixed_6c.Channels, divisor, inner: 160);
        Mixed_6e = new InceptionC(Mixed_6d.Channels, divisor, inner: 192);
        AuxLogits = new InceptionAux(Mixed_6e.Channels, divisor, classes);
        Mixed_7a = new InceptionD(Mixed_6e.Channels, divisor);
        Mixed_7b = new InceptionE(Mixed_7a.Channels, divisor);
        Mixed_7c = new InceptionE(Mixed_7b.Channels, divisor);
        avgpool = nn.AdaptiveAvgPool2d(1);
        dropout = nn.Dropout();
        fc = nn.Linear(Mixed_7c.Channels, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = Conv2d_2b_3x3.forward(Conv2d_2a_3x3.forward(Conv2d_1a_3x3.forward(input)));
        x = Conv2d_4a_3x3.forward(Conv2d_3b_1x1.forward(maxpool1.forward(x)));
        x = Mixed_5d.forward(Mixed_5c.forward(Mixed_5b.forward(maxpool2.forward(x))));
        x = Mixed_6c.forward(Mixed_6b.forward(Mixed_6a.forward(x)));
        x = Mixed_6e.forward(Mixed_6d.forward(x));
        if (training)
            AuxLogits.forward(x);
        x = Mixed_7c.forward(Mixed_7b.forward(Mixed_7a.forward(x)));
        x = dropout.forward(avgpool.forward(x));
        return fc.forward(x.flatten(1));
    }
}
