using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>ViT-B: patches, a class token and a position embedding as free parameters, pre-norm encoder blocks.</summary>
public sealed class VisionTransformer : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv_proj;
    private readonly Parameter class_token;
    private readonly Parameter pos_embedding;
    private readonly Sequential layers;
    private readonly LayerNorm ln;
    private readonly Linear head;

    public VisionTransformer(int divisor, int imageSize, int patchSize, int classes)
        : base(nameof(VisionTransformer))
    {
        int width = Thin(768, divisor);
        int heads = Math.Max(4, Thin(12, divisor));
        if (divisor == 1)
            heads = 12;
        int patches = imageSize / patchSize * (imageSize / patchSize);
        conv_proj = nn.Conv2d(3, width, patchSize, stride: patchSize);
        class_token = nn.Parameter(zeros(1, 1, width));
        pos_embedding = nn.Parameter(zeros(1, patches + 1, width));
        layers = nn.Sequential(
            Enumerable.Range(0, 12).Select(number => ($"encoder_layer_{number}", (nn.Module<Tensor, Tensor>)new EncoderBlock(width, heads)))
        );
        ln = nn.LayerNorm(width, eps: 1e-6);
        head = nn.Linear(width, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = conv_proj.forward(input).flatten(2).transpose(1, 2);
        Tensor token = class_token.expand(x.shape[0], -1, -1);
        x = cat([token, x], 1) + pos_embedding;
        x = ln.forward(layers.forward(x));
        return head.forward(x.select(1, 0));
    }
}

/// <summary>Attention and a two-layer network, each behind a LayerNorm and around a shortcut.</summary>
internal sealed class EncoderBlock : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm ln_1;
    private readonly Attention self_attention;
    private readonly LayerNorm ln_2;
    private readonly Sequential mlp;

    public EncoderBlock(int width, int heads)
        : base(nameof(EncoderBlock))
    {
        ln_1 = nn.LayerNorm(width, eps: 1e-6);
        self_attention = new Attention(width, heads);
        ln_2 = nn.LayerNorm(width, eps: 1e-6);
        mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Dropout(0.1), nn.Linear(4 * width, width), nn.Dropout(0.1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = input + self_attention.forward(ln_1.forward(input));
        return x + mlp.forward(ln_2.forward(x));
    }
}
