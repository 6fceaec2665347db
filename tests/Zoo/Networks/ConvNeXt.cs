using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>ConvNeXt-T: depthwise 7x7, LayerNorm over channels, two linear layers, and a free scale for each channel.</summary>
public sealed class ConvNeXt : nn.Module<Tensor, Tensor>
{
    private static readonly (int Width, int Depth)[] Stages = [(96, 3), (192, 3), (384, 9), (768, 3)];

    private readonly Sequential features;
    private readonly AdaptiveAvgPool2d avgpool;
    private readonly Sequential classifier;

    public ConvNeXt(int divisor, int classes)
        : base(nameof(ConvNeXt))
    {
        int channels = Thin(Stages[0].Width, divisor);
        var layers = new List<nn.Module<Tensor, Tensor>>
        {
            nn.Sequential(nn.Conv2d(3, channels, 4, stride: 4), new ChannelLayerNorm(channels)),
        };
        foreach ((int fullWidth, int depth) in Stages)
        {
            int width = Thin(fullWidth, divisor);
            if (width != channels)
                layers.Add(nn.Sequential(new ChannelLayerNorm(channels), nn.Conv2d(channels, width, 2, stride: 2)));
            channels = width;
            layers.Add(
                nn.Sequential(Enumerable.Range(0, depth).Select(_ => new ConvNeXtBlock(width)).ToArray<nn.Module<Tensor, Tensor>>())
            );
        }
        features = nn.Sequential(layers);
        avgpool = nn.AdaptiveAvgPool2d(1);
        classifier = nn.Sequential(new ChannelLayerNorm(channels), nn.Flatten(1), nn.Linear(channels, classes));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => classifier.forward(avgpool.forward(features.forward(input)));
}

/// <summary>LayerNorm over the channels of an image, <c>[N, C, H, W]</c>.</summary>
internal sealed class ChannelLayerNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly long[] _shape;

    public ChannelLayerNorm(int channels)
        : base(nameof(ChannelLayerNorm))
    {
        weight = nn.Parameter(ones(channels));
        bias = nn.Parameter(zeros(channels));
        _shape = [channels];
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = input.permute(0, 2, 3, 1);
        x = nn.functional.layer_norm(x, _shape, weight, bias, 1e-6);
        return x.permute(0, 3, 1, 2);
    }
}

/// <summary>Reorders the axes.</summary>
internal sealed class Permute(params long[] axes) : nn.Module<Tensor, Tensor>(nameof(Permute))
{
    public override Tensor forward(Tensor input) => input.permute(axes);
}

/// <summary>One block of ConvNeXt.</summary>
internal sealed class ConvNeXtBlock : nn.Module<Tensor, Tensor>
{
    private readonly Parameter layer_scale;
    private readonly Sequential block;

    public ConvNeXtBlock(int channels)
        : base(nameof(ConvNeXtBlock))
    {
        layer_scale = nn.Parameter(full([channels, 1, 1], 1e-6));
        block = nn.Sequential(
            Conv(channels, channels, 7, 1, channels, bias: true),
            new Permute(0, 2, 3, 1),
            nn.LayerNorm(channels, eps: 1e-6),
            nn.Linear(channels, 4 * channels),
            nn.GELU(),
            nn.Linear(4 * channels, channels),
            new Permute(0, 3, 1, 2)
        );
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor result = layer_scale * block.forward(input);
        result += input;
        return result;
    }
}
