using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>GoogLeNet with BatchNorm and without the auxiliary classifiers.</summary>
public sealed class GoogLeNet : nn.Module<Tensor, Tensor>
{
    private readonly BasicConv2d conv1;
    private readonly MaxPool2d maxpool1;
    private readonly BasicConv2d conv2;
    private readonly BasicConv2d conv3;
    private readonly MaxPool2d maxpool2;
    private readonly InceptionBlock inception3a;
    private readonly InceptionBlock inception3b;
    private readonly MaxPool2d maxpool3;
    private readonly InceptionBlock inception4a;
    private readonly InceptionBlock inception4b;
    private readonly InceptionBlock inception4c;
    private readonly InceptionBlock inception4d;
    private readonly InceptionBlock inception4e;
    private readonly MaxPool2d maxpool4;
    private readonly InceptionBlock inception5a;
    private readonly InceptionBlock inception5b;
    private readonly AdaptiveAvgPool2d avgpool;
    private readonly Dropout dropout;
    private readonly Linear fc;

    public GoogLeNet(int divisor, int classes)
        : base(nameof(GoogLeNet))
    {
        int stem = Thin(64, divisor);
        int channels = Thin(192, divisor);
        conv1 = BasicConv2d.Square(3, stem, 7, stride: 2);
        maxpool1 = nn.MaxPool2d(3, stride: 2, ceil_mode: true);
        conv2 = BasicConv2d.Square(stem, stem, 1);
        conv3 = BasicConv2d.Square(stem, channels, 3);
        maxpool2 = nn.MaxPool2d(3, stride: 2, ceil_mode: true);
        inception3a = Block(64, 96, 128, 16, 32, 32);
        inception3b = Block(128, 128, 192, 32, 96, 64);
        maxpool3 = nn.MaxPool2d(3, stride: 2, ceil_mode: true);
        inception4a = Block(192, 96, 208, 16, 48, 64);
        inception4b = Block(160, 112, 224, 24, 64, 64);
        inception4c = Block(128, 128, 256, 24, 64, 64);
        inception4d = Block(112, 144, 288, 32, 64, 64);
        inception4e = Block(256, 160, 320, 32, 128, 128);
        maxpool4 = nn.MaxPool2d(2, stride: 2, ceil_mode: true);
        inception5a = Block(256, 160, 320, 32, 128, 128);
        inception5b = Block(384, 192, 384, 48, 128, 128);
        avgpool = nn.AdaptiveAvgPool2d(1);
        dropout = nn.Dropout(0.2);
        fc = nn.Linear(channels, classes);
        RegisterComponents();

        InceptionBlock Block(params int[] widths)
        {
            var block = new InceptionBlock(channels, [.. widths.Select(width => Thin(width, divisor))]);
            channels = block.Channels;
            return block;
        }
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = maxpool1.forward(conv1.forward(input));
        x = maxpool2.forward(conv3.forward(conv2.forward(x)));
        x = maxpool3.forward(inception3b.forward(inception3a.forward(x)));
        x = inception4c.forward(inception4b.forward(inception4a.forward(x)));
        x = maxpool4.forward(inception4e.forward(inception4d.forward(x)));
        x = inception5b.forward(inception5a.forward(x));
        x = flatten(avgpool.forward(x), 1);
        return fc.forward(dropout.forward(x));
    }
}

/// <summary>Four branches side by side.</summary>
internal sealed class InceptionBlock : nn.Module<Tensor, Tensor>
{
    private readonly BasicConv2d branch1;
    private readonly Sequential branch2;
    private readonly Sequential branch3;
    private readonly Sequential branch4;

    /// <summary>Widths in the order of the paper's table: 1x1, reduce and 3x3, reduce and "5x5" (a 3x3), pool projection.</summary>
    public InceptionBlock(int input, int[] widths)
        : base(nameof(InceptionBlock))
    {
        branch1 = BasicConv2d.Square(input, widths[0], 1);
        branch2 = nn.Sequential(BasicConv2d.Square(input, widths[1], 1), BasicConv2d.Square(widths[1], widths[2], 3));
        branch3 = nn.Sequential(BasicConv2d.Square(input, widths[3], 1), BasicConv2d.Square(widths[3], widths[4], 3));
        branch4 = nn.Sequential(nn.MaxPool2d(3, stride: 1, padding: 1, ceil_mode: true), BasicConv2d.Square(input, widths[5], 1));
        Channels = widths[0] + widths[2] + widths[4] + widths[5];
        RegisterComponents();
    }

    public int Channels { get; }

    public override Tensor forward(Tensor input)
    {
        Tensor[] branches = [branch1.forward(input), branch2.forward(input), branch3.forward(input), branch4.forward(input)];
        return cat(branches, 1);
    }
}
