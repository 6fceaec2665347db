using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>MLP-Mixer-B: layers over patches and layers over channels in turn.</summary>
public sealed class MlpMixer : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d stem;
    private readonly Sequential blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;

    public MlpMixer(int divisor, int imageSize, int patchSize, int classes)
        : base(nameof(MlpMixer))
    {
        int width = Thin(768, divisor);
        int patches = imageSize / patchSize * (imageSize / patchSize);
        stem = nn.Conv2d(3, width, patchSize, stride: patchSize);
        blocks = nn.Sequential(
            Enumerable.Range(0, 12).Select(_ => new MixerBlock(width, patches, divisor)).ToArray<nn.Module<Tensor, Tensor>>()
        );
        norm = nn.LayerNorm(width, eps: 1e-6);
        head = nn.Linear(width, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = stem.forward(input).flatten(2).transpose(1, 2);
        x = norm.forward(blocks.forward(x));
        return head.forward(x.mean([1]));
    }
}

/// <summary>Mixes patches, then channels.</summary>
internal sealed class MixerBlock : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly MixerMlp mlp_tokens;
    private readonly LayerNorm norm2;
    private readonly MixerMlp mlp_channels;

    public MixerBlock(int width, int patches, int divisor)
        : base(nameof(MixerBlock))
    {
        norm1 = nn.LayerNorm(width, eps: 1e-6);
        mlp_tokens = new MixerMlp(patches, Thin(384, divisor));
        norm2 = nn.LayerNorm(width, eps: 1e-6);
        mlp_channels = new MixerMlp(width, Thin(3072, divisor));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor tokens = mlp_tokens.forward(norm1.forward(input).transpose(1, 2)).transpose(1, 2);
        Tensor x = input + tokens;
        return x + mlp_channels.forward(norm2.forward(x));
    }
}

/// <summary>Two linear layers with GELU between.</summary>
internal sealed class MixerMlp : nn.Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;

    public MixerMlp(int width, int hidden)
        : base(nameof(MixerMlp))
    {
        fc1 = nn.Linear(width, hidden);
        fc2 = nn.Linear(hidden, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => fc2.forward(nn.functional.gelu(fc1.forward(input)));
}
