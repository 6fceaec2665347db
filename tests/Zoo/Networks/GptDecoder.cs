using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>
/// A GPT-2-style decoder: pre-norm blocks, causal attention, and the embedding table as output layer. Input: token numbers
/// <c>[N, T]</c>; output: scores <c>[N, T, vocabulary]</c>.
/// </summary>
public sealed class GptDecoder : nn.Module<Tensor, Tensor>
{
    private readonly Embedding wte;
    private readonly Embedding wpe;
    private readonly ModuleList<GptBlock> h;
    private readonly LayerNorm ln_f;

    public GptDecoder(int divisor, int depth, int vocabulary, int positions)
        : base(nameof(GptDecoder))
    {
        int width = Thin(768, divisor);
        wte = nn.Embedding(vocabulary, width);
        wpe = nn.Embedding(positions, width);
        h = [.. Enumerable.Range(0, depth).Select(_ => new GptBlock(width, divisor == 1 ? 12 : 4))];
        ln_f = nn.LayerNorm(width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens)
    {
        Tensor positions = arange(0, tokens.shape[1], dtype: ScalarType.Int64, device: tokens.device).unsqueeze(0);
        Tensor x = wte.forward(tokens) + wpe.forward(positions);
        foreach (GptBlock block in h)
            x = block.forward(x);
        return nn.functional.linear(ln_f.forward(x), wte.weight!);
    }
}

/// <summary>One pre-norm block.</summary>
internal sealed class GptBlock : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm ln_1;
    private readonly CausalAttention attn;
    private readonly LayerNorm ln_2;
    private readonly Linear c_fc;
    private readonly Linear c_proj;

    public GptBlock(int width, int heads)
        : base(nameof(GptBlock))
    {
        ln_1 = nn.LayerNorm(width);
        attn = new CausalAttention(width, heads);
        ln_2 = nn.LayerNorm(width);
        c_fc = nn.Linear(width, 4 * width);
        c_proj = nn.Linear(4 * width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = input + attn.forward(ln_1.forward(input));
        return x + c_proj.forward(nn.functional.gelu(c_fc.forward(ln_2.forward(x))));
    }
}

/// <summary>Attention to the past only, by the library's fused function.</summary>
internal sealed class CausalAttention : nn.Module<Tensor, Tensor>
{
    private readonly Linear c_attn;
    private readonly Linear c_proj;
    private readonly long _heads;

    public CausalAttention(int width, int heads)
        : base(nameof(CausalAttention))
    {
        c_attn = nn.Linear(width, 3 * width);
        c_proj = nn.Linear(width, width);
        _heads = heads;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        (long batch, long tokens, long width) = (input.shape[0], input.shape[1], input.shape[2]);
        Tensor[] parts = c_attn.forward(input).split(width, 2);
        Tensor mixed = nn.functional.scaled_dot_product_attention(Heads(parts[0]), Heads(parts[1]), Heads(parts[2]), is_casual: true);
        return c_proj.forward(mixed.transpose(1, 2).contiguous().view(batch, tokens, width));

        Tensor Heads(Tensor x) => x.view(batch, tokens, _heads, width / _heads).transpose(1, 2);
    }
}
