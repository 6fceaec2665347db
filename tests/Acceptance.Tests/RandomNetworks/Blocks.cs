using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Acceptance.Tests.RandomNetworks;

/// <summary>Two convolutions around a shortcut, added in place.</summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d norm1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d norm2;

    public ResidualBlock(int channels, int inner)
        : base(nameof(ResidualBlock))
    {
        conv1 = nn.Conv2d(channels, inner, 3, padding: 1, bias: false);
        norm1 = nn.BatchNorm2d(inner);
        conv2 = nn.Conv2d(inner, channels, 3, padding: 1, bias: false);
        norm2 = nn.BatchNorm2d(channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = norm1.forward(conv1.forward(input)).relu_();
        x = norm2.forward(conv2.forward(x));
        x += input;
        return nn.functional.relu(x);
    }
}

/// <summary>Expand, filter each channel, project, add.</summary>
internal sealed class InvertedBlock : nn.Module<Tensor, Tensor>
{
    private readonly Sequential body;

    public InvertedBlock(int channels, int factor)
        : base(nameof(InvertedBlock))
    {
        int inner = channels * factor;
        body = nn.Sequential(
            nn.Conv2d(channels, inner, 1, bias: false),
            nn.BatchNorm2d(inner),
            nn.ReLU6(inplace: true),
            nn.Conv2d(inner, inner, 3, padding: 1, groups: inner, bias: false),
            nn.BatchNorm2d(inner),
            nn.ReLU6(inplace: true),
            nn.Conv2d(inner, channels, 1, bias: false),
            nn.BatchNorm2d(channels)
        );
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => input + body.forward(input);
}

/// <summary>A gate for each channel from the mean of all.</summary>
internal sealed class GateBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d squeeze;
    private readonly Conv2d expand;

    public GateBlock(int channels)
        : base(nameof(GateBlock))
    {
        squeeze = nn.Conv2d(channels, 3, 1);
        expand = nn.Conv2d(3, channels, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor scale = nn.functional.adaptive_avg_pool2d(input, 1);
        scale = expand.forward(nn.functional.silu(squeeze.forward(scale)));
        return input * nn.functional.hardsigmoid(scale);
    }
}

/// <summary>One half passes by, and the halves are shuffled.</summary>
internal sealed class ShuffleBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d norm;

    public ShuffleBlock(int channels)
        : base(nameof(ShuffleBlock))
    {
        conv = nn.Conv2d(channels / 2, channels / 2, 3, padding: 1);
        norm = nn.BatchNorm2d(channels / 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor[] halves = input.chunk(2, 1);
        Tensor x = cat([halves[0], norm.forward(conv.forward(halves[1])).relu()], 1);
        (long n, long c, long h, long w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        return x.view(n, 2, c / 2, h, w).transpose(1, 2).contiguous().view(n, c, h, w);
    }
}

/// <summary>One convolution and one norm, each called twice.</summary>
internal sealed class TwiceBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d norm;

    public TwiceBlock(int channels)
        : base(nameof(TwiceBlock))
    {
        conv = nn.Conv2d(channels, channels, 3, padding: 1);
        norm = nn.BatchNorm2d(channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = norm.call(conv.call(input)).relu();
        return norm.call(conv.call(x)).sigmoid();
    }
}

/// <summary>Two convolutions that share one weight.</summary>
internal sealed class TiedBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d first;
    private readonly Conv2d second;

    public TiedBlock(int input, int output)
        : base(nameof(TiedBlock))
    {
        first = nn.Conv2d(input, output, 3, padding: 1);
        second = nn.Conv2d(input, output, 3, padding: 2, dilation: 2);
        RegisterComponents();
        second.weight = first.weight;
    }

    public override Tensor forward(Tensor input) => first.forward(input) + second.forward(input.tanh());
}

/// <summary>Writes through a view of some channels.</summary>
internal sealed class SliceWriteBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly int _channels;

    public SliceWriteBlock(int channels)
        : base(nameof(SliceWriteBlock))
    {
        conv = nn.Conv2d(channels, channels, 3, padding: 1);
        _channels = channels;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = conv.forward(input);
        x.narrow(1, 0, _channels / 2).mul_(2).add_(1);
        return x;
    }
}

/// <summary>Free parameters: a scale and a shift for each channel.</summary>
internal sealed class ScaleBlock : nn.Module<Tensor, Tensor>
{
    private readonly Parameter scale;
    private readonly Parameter shift;

    public ScaleBlock(int channels)
        : base(nameof(ScaleBlock))
    {
        scale = nn.Parameter(ones(channels, 1, 1));
        shift = nn.Parameter(zeros(1, channels, 1, 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => input * scale + shift;
}

/// <summary>Layers over channels, with positions as tokens.</summary>
internal sealed class TokenBlock : nn.Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;
    private readonly LayerNorm? norm;

    public TokenBlock(int channels, int hidden, bool normalize)
        : base(nameof(TokenBlock))
    {
        fc1 = nn.Linear(channels, hidden);
        fc2 = nn.Linear(hidden, channels);
        norm = normalize ? nn.LayerNorm(channels) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = input.flatten(2).transpose(1, 2);
        x = x + fc2.forward(nn.functional.gelu(fc1.forward(norm is null ? x : norm.forward(x))));
        return x.transpose(1, 2).reshape(input.shape);
    }
}

/// <summary>A gate for each place, from the mean and the largest of all channels.</summary>
internal sealed class PlaceGateBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;

    public PlaceGateBlock()
        : base(nameof(PlaceGateBlock))
    {
        conv = nn.Conv2d(2, 1, 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor mean = input.mean([1], keepdim: true);
        Tensor largest = input.amax([1], keepdim: true);
        return input * conv.forward(cat([mean, largest], 1)).sigmoid();
    }
}

/// <summary>Uneven parts, each with its own way.</summary>
internal sealed class SplitBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly long[] _sizes;

    public SplitBlock(int channels)
        : base(nameof(SplitBlock))
    {
        _sizes = [1, channels - 1];
        conv = nn.Conv2d(channels - 1, channels, 3, padding: 1, padding_mode: PaddingModes.Replicate);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor[] parts = input.split(_sizes, 1);
        return conv.forward(parts[1]) + parts[0].sigmoid();
    }
}

/// <summary>Two branches, stacked and summed.</summary>
internal sealed class StackBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d left;
    private readonly Conv2d right;

    public StackBlock(int input, int output)
        : base(nameof(StackBlock))
    {
        left = nn.Conv2d(input, output, 1);
        right = nn.Conv2d(input, output, 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => stack([left.forward(input), right.forward(input).relu()], 1).sum(1);
}

/// <summary>Padding by hand, before a convolution without any.</summary>
internal sealed class PadBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;

    public PadBlock(int input, int output)
        : base(nameof(PadBlock))
    {
        conv = nn.Conv2d(input, output, 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => conv.forward(nn.functional.pad(input, [1, 1, 1, 1], value: 0.5));
}

/// <summary>Channels become places.</summary>
internal sealed class PixelBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;

    public PixelBlock(int input, int output)
        : base(nameof(PixelBlock))
    {
        conv = nn.Conv2d(input, 4 * output, 3, padding: 1, stride: 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => nn.functional.pixel_shuffle(conv.forward(input), 2);
}

/// <summary>The channels of a convolution, backwards and one twice.</summary>
internal sealed class IndexBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly long[] _order;

    public IndexBlock(int input, int output)
        : base(nameof(IndexBlock))
    {
        conv = nn.Conv2d(input, output, 3, padding: 1);
        _order = [.. Enumerable.Range(0, output).Reverse().Append(0).Select(i => (long)i)];
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => conv.forward(input).index_select(1, tensor(_order));
}

/// <summary>Lambdas, local functions and a list of modules.</summary>
internal sealed class LambdaBlock : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<Conv2d> convs = [];

    public LambdaBlock(int channels, int depth)
        : base(nameof(LambdaBlock))
    {
        for (int i = 0; i < depth; i++)
            convs.Add(nn.Conv2d(channels, channels, 3, padding: 1, groups: i % 2 == 0 ? 1 : channels));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor Half(Tensor x) => x / 2;
        return convs.Aggregate(input, (x, conv) => Half(nn.functional.leaky_relu(conv.forward(x), 0.1)) + Half(x));
    }
}

/// <summary>Flattens and classifies, with a norm between.</summary>
internal sealed class HeadBlock : nn.Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly BatchNorm1d norm;
    private readonly Linear fc2;

    public HeadBlock(int features, int hidden, int classes)
        : base(nameof(HeadBlock))
    {
        fc1 = nn.Linear(features, hidden, hasBias: hidden % 2 == 0);
        norm = nn.BatchNorm1d(hidden);
        fc2 = nn.Linear(hidden, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => fc2.forward(norm.forward(fc1.forward(input.flatten(1))).relu());
}
