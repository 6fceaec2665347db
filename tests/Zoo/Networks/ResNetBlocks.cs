using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>What makes one residual network differ from another.</summary>
internal sealed record ResNetShape(int[] Blocks, bool Bottleneck, int Divisor)
{
    public int Groups { get; init; } = 1;

    public int BaseWidth { get; init; } = 64;

    public Sequential Stage(int number, ref int channels)
    {
        var blocks = new List<nn.Module<Tensor, Tensor>>();
        for (int block = 0; block < Blocks[number]; block++)
            blocks.Add(Block(64 << number, block == 0 && number > 0 ? 2 : 1, ref channels));
        return nn.Sequential(blocks);
    }

    private nn.Module<Tensor, Tensor> Block(int planes, int stride, ref int channels)
    {
        int output = Thin(Bottleneck ? 4 * planes : planes, Divisor);
        Sequential? downsample = stride != 1 || channels != output ? Layers.ConvNorm(channels, output, 1, stride) : null;
        int input = channels;
        channels = output;
        if (!Bottleneck)
            return new BasicBlock(input, output, stride, downsample);
        int width = Thin(planes * BaseWidth / 64 * Groups, Divisor);
        return new BottleneckBlock((input, width, output), stride, Thin(Groups, Groups == 1 ? 1 : Divisor), downsample);
    }
}

/// <summary>Two 3x3 convolutions around a shortcut.</summary>
internal sealed class BasicBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly ReLU relu;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;

    public BasicBlock(int input, int output, int stride, Sequential? downsample)
        : base(nameof(BasicBlock))
    {
        conv1 = Conv(input, output, 3, stride);
        bn1 = nn.BatchNorm2d(output);
        relu = nn.ReLU(inplace: true);
        conv2 = Conv(output, output, 3);
        bn2 = nn.BatchNorm2d(output);
        this.downsample = downsample;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor identity = downsample is null ? input : downsample.forward(input);
        Tensor x = relu.forward(bn1.forward(conv1.forward(input)));
        x = bn2.forward(conv2.forward(x));
        x.add_(identity);
        return relu.forward(x);
    }
}

/// <summary>1x1, 3x3 and 1x1 convolution around a shortcut; the stride is on the middle one.</summary>
internal sealed class BottleneckBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Conv2d conv3;
    private readonly BatchNorm2d bn3;
    private readonly ReLU relu;
    private readonly Sequential? downsample;

    public BottleneckBlock((int Input, int Inner, int Output) widths, int stride, int groups, Sequential? downsample)
        : base(nameof(BottleneckBlock))
    {
        conv1 = Conv(widths.Input, widths.Inner, 1);
        bn1 = nn.BatchNorm2d(widths.Inner);
        conv2 = Conv(widths.Inner, widths.Inner, 3, stride, groups);
        bn2 = nn.BatchNorm2d(widths.Inner);
        conv3 = Conv(widths.Inner, widths.Output, 1);
        bn3 = nn.BatchNorm2d(widths.Output);
        relu = nn.ReLU(inplace: true);
        this.downsample = downsample;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = relu.call(bn1.call(conv1.call(input)));
        x = relu.call(bn2.call(conv2.call(x)));
        x = bn3.call(conv3.call(x));
        Tensor identity = downsample is null ? input : downsample.call(input);
        x += identity;
        return relu.call(x);
    }
}
