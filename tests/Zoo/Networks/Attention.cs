using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Zoo.Networks;

/// <summary>Self-attention written out: one projection for query, key and value, heads by reshaping.</summary>
internal sealed class Attention : nn.Module<Tensor, Tensor>
{
    private readonly Linear qkv;
    private readonly Linear proj;
    private readonly long _heads;
    private readonly long _headWidth;
    private readonly double _scale;

    public Attention(int width, int heads)
        : base(nameof(Attention))
    {
        qkv = nn.Linear(width, 3 * width);
        proj = nn.Linear(width, width);
        _heads = heads;
        _headWidth = width / heads;
        _scale = 1 / Math.Sqrt(_headWidth);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        (long batch, long tokens) = (input.shape[0], input.shape[1]);
        Tensor heads = qkv.forward(input).reshape(batch, tokens, 3, _heads, _headWidth).permute(2, 0, 3, 1, 4);
        Tensor weights = heads[0].matmul(heads[1].transpose(-2, -1)) * _scale;
        weights = weights.softmax(-1);
        Tensor mixed = weights.matmul(heads[2]).transpose(1, 2).reshape(batch, tokens, _heads * _headWidth);
        return proj.forward(mixed);
    }
}
