using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Acceptance.Tests.AttentionCases;

/// <summary>Pre-norm blocks with attention written out, as users write it; a head has a width of its own.</summary>
internal sealed class WrittenTransformer : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<WrittenBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;

    public WrittenTransformer(int width, int depth, int heads, int keyHeads, AttentionStyle style)
        : base(nameof(WrittenTransformer))
    {
        blocks = [.. Enumerable.Range(0, depth).Select(_ => new WrittenBlock(width, heads, keyHeads, style))];
        norm = nn.LayerNorm(width);
        head = nn.Linear(width, 5);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = input;
        foreach (WrittenBlock block in blocks)
            x = block.forward(x);
        return head.forward(norm.forward(x).mean([1]));
    }
}

/// <summary>How a block computes its attention.</summary>
internal enum AttentionStyle
{
    /// <summary>Products, a scale, a causal mask, softmax.</summary>
    Written,

    /// <summary>The function of the library.</summary>
    Function,
}

internal sealed class WrittenBlock : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly WrittenAttention attention;
    private readonly LayerNorm norm2;
    private readonly Linear up;
    private readonly Linear down;

    public WrittenBlock(int width, int heads, int keyHeads, AttentionStyle style)
        : base(nameof(WrittenBlock))
    {
        norm1 = nn.LayerNorm(width);
        attention = new WrittenAttention(width, heads, keyHeads, style);
        norm2 = nn.LayerNorm(width);
        up = nn.Linear(width, 4 * width);
        down = nn.Linear(4 * width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        Tensor x = input + attention.forward(norm1.forward(input));
        return x + down.forward(nn.functional.gelu(up.forward(norm2.forward(x))));
    }
}

/// <summary>Attention whose keys and values may have fewer heads than its queries.</summary>
internal sealed class WrittenAttention : nn.Module<Tensor, Tensor>
{
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly Linear output;
    private readonly AttentionStyle _style;
    private readonly int _heads;
    private readonly int _keyHeads;
    private readonly int _headWidth;

    public WrittenAttention(int width, int heads, int keyHeads, AttentionStyle style)
        : base(nameof(WrittenAttention))
    {
        _style = style;
        _heads = heads;
        _keyHeads = keyHeads;
        _headWidth = width / heads;
        query = nn.Linear(width, width);
        key = nn.Linear(width, keyHeads * _headWidth);
        value = nn.Linear(width, keyHeads * _headWidth);
        output = nn.Linear(width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        (long batch, long tokens) = (input.shape[0], input.shape[1]);
        Tensor q = query.forward(input).view(batch, tokens, _heads, -1).transpose(1, 2);
        Tensor k = Repeat(key.forward(input).view(batch, tokens, _keyHeads, -1).transpose(1, 2));
        Tensor v = Repeat(value.forward(input).view(batch, tokens, _keyHeads, -1).transpose(1, 2));
        Tensor mixed =
            _style == AttentionStyle.Function ? nn.functional.scaled_dot_product_attention(q, k, v, is_casual: true) : Attend(q, k, v);
        return output.forward(mixed.transpose(1, 2).reshape(batch, tokens, -1));
    }

    private Tensor Attend(Tensor q, Tensor k, Tensor v)
    {
        Tensor scores = matmul(q, k.transpose(-2, -1)) / Math.Sqrt(_headWidth);
        Tensor future = ones([q.shape[2], q.shape[2]], dtype: ScalarType.Bool).triu(1);
        return scores.masked_fill(future, double.NegativeInfinity).softmax(-1).matmul(v);
    }

    private Tensor Repeat(Tensor x)
    {
        if (_keyHeads == _heads)
            return x;
        long[] shape = x.shape;
        return x.unsqueeze(2).expand(shape[0], shape[1], _heads / _keyHeads, shape[2], shape[3]).reshape(shape[0], -1, shape[2], shape[3]);
    }
}
