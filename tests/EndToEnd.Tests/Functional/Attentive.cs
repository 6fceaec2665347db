using Speedup.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Functional;

/// <summary>A layer of attention, written out and by one module, on eight tokens; a head is four wide.</summary>
internal sealed class Attentive : PairedNetwork
{
    private const int Tokens = 8;
    private const int Heads = 3;
    private const int Width = 4;
    private readonly Linear embed = nn.Linear(6, 10);
    private readonly Linear query = nn.Linear(10, Heads * Width);
    private readonly Linear key = nn.Linear(10, Heads * Width);
    private readonly Linear value = nn.Linear(10, Heads * Width);
    private readonly Linear output = nn.Linear(Heads * Width, 10);
    private readonly Linear last = nn.Linear(10, 4);
    private readonly View heads = new(-1, Tokens, Heads, Width);
    private readonly Permute headsFirst = new(0, 2, 1, 3);
    private readonly Transpose swap = new(-2, -1);
    private readonly MatMul product = new();
    private readonly Softmax softmax = nn.Softmax(-1);
    private readonly ScaledDotProductAttention attention = new();
    private readonly Reshape merge = new(-1, Tokens, Heads * Width);
    private readonly Add add = new();
    private readonly bool _isWritten;

    public Attentive(bool isWritten)
        : base(nameof(Attentive))
    {
        _isWritten = isWritten;
        RegisterComponents();
    }

    protected override Tensor WithFunctions(Tensor input)
    {
        Tensor x = nn.functional.relu(embed.forward(input));
        Tensor q = SplitHeads(query.forward(x));
        Tensor k = SplitHeads(key.forward(x));
        Tensor v = SplitHeads(value.forward(x));
        Tensor mixed = _isWritten
            ? q.matmul(k.transpose(-2, -1)).softmax(-1).matmul(v)
            : nn.functional.scaled_dot_product_attention(q, k, v);
        x = x + output.forward(mixed.permute(0, 2, 1, 3).reshape(x.shape[0], x.shape[1], -1));
        return last.forward(x);
    }

    protected override Tensor WithModules(Tensor input)
    {
        Tensor x = nn.functional.relu(embed.call(input));
        Tensor q = headsFirst.call(heads.call(query.call(x)));
        Tensor k = headsFirst.call(heads.call(key.call(x)));
        Tensor v = headsFirst.call(heads.call(value.call(x)));
        Tensor mixed = _isWritten ? product.call(softmax.call(product.call(q, swap.call(k))), v) : attention.call(q, k, v, null);
        return last.call(add.call(x, output.call(merge.call(headsFirst.call(mixed)))));
    }

    private static Tensor SplitHeads(Tensor x) => x.view(x.shape[0], x.shape[1], -1, Width).permute(0, 2, 1, 3);
}
