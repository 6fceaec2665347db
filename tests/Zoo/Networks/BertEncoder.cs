using TorchSharp.Modules;
using static TorchSharp.torch;
using static Zoo.Networks.Layers;

namespace Zoo.Networks;

/// <summary>
/// A BERT-style encoder: word and position embeddings, post-norm blocks, a pooler over the first token. Input: token numbers
/// <c>[N, T]</c>; output: the sequence <c>[N, T, width]</c> and the pooled <c>[N, width]</c>.
/// </summary>
public sealed class BertEncoder : nn.Module<Tensor, (Tensor Sequence, Tensor Pooled)>
{
    private readonly Embedding word_embeddings;
    private readonly Embedding position_embeddings;
    private readonly LayerNorm norm;
    private readonly ModuleList<BertLayer> layer;
    private readonly Linear pooler;

    public BertEncoder(int divisor, int depth, int vocabulary, int positions)
        : base(nameof(BertEncoder))
    {
        int width = Thin(768, divisor);
        word_embeddings = nn.Embedding(vocabulary, width);
        position_embeddings = nn.Embedding(positions, width);
        norm = nn.LayerNorm(width, eps: 1e-12);
        layer = [.. Enumerable.Range(0, depth).Select(_ => new BertLayer(width, divisor == 1 ? 12 : 4))];
        pooler = nn.Linear(width, width);
        RegisterComponents();
    }

    public override (Tensor Sequence, Tensor Pooled) forward(Tensor tokens)
    {
        Tensor positions = arange(tokens.shape[1], dtype: ScalarType.Int64, device: tokens.device);
        Tensor x = norm.forward(word_embeddings.forward(tokens) + position_embeddings.forward(positions));
        foreach (BertLayer block in layer)
            x = block.forward(x);
        return (x, pooler.forward(x.select(1, 0)).tanh());
    }
}

/// <summary>One post-norm block, with separate projections for query, key and value.</summary>
internal sealed class BertLayer : nn.Module<Tensor, Tensor>
{
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly Linear dense;
    private readonly LayerNorm attention_norm;
    private readonly Linear intermediate;
    private readonly Linear output;
    private readonly LayerNorm output_norm;
    private readonly long _heads;

    public BertLayer(int width, int heads)
        : base(nameof(BertLayer))
    {
        _heads = heads;
        query = nn.Linear(width, width);
        key = nn.Linear(width, width);
        value = nn.Linear(width, width);
        dense = nn.Linear(width, width);
        attention_norm = nn.LayerNorm(width, eps: 1e-12);
        intermediate = nn.Linear(width, 4 * width);
        output = nn.Linear(4 * width, width);
        output_norm = nn.LayerNorm(width, eps: 1e-12);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        (Tensor q, Tensor k, Tensor v) = (Heads(query.call(input)), Heads(key.call(input)), Heads(value.call(input)));
        Tensor scores = matmul(q, k.transpose(-1, -2)) / Math.Sqrt(q.shape[3]);
        Tensor mixed = matmul(nn.functional.softmax(scores, -1), v).permute(0, 2, 1, 3).contiguous();
        mixed = mixed.view(mixed.shape[0], mixed.shape[1], -1);
        Tensor x = attention_norm.call(dense.call(mixed) + input);
        return output_norm.call(output.call(nn.functional.gelu(intermediate.call(x))) + x);
    }

    private Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, -1).transpose(1, 2);
}
