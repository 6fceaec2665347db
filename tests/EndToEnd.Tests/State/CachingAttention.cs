using TorchSharp.Modules;
using static TorchSharp.torch;

namespace EndToEnd.Tests.State;

/// <summary>Attention of two heads, token by token, over the keys and values of earlier calls: in fields that grow, or in buffers that fill up.</summary>
internal sealed class CachingAttention : nn.Module<Tensor, Tensor>
{
    private const int Heads = 2;
    private const int Longest = 64;
    private readonly Linear queries = nn.Linear(6, 8);
    private readonly Linear keys = nn.Linear(6, 8);
    private readonly Linear values = nn.Linear(6, 8);
    private readonly Linear output = nn.Linear(8, 6);
    private readonly Linear first = nn.Linear(6, 8);
    private readonly Linear last = nn.Linear(8, 6);
    private readonly Tensor keyTable = zeros(1, Longest, 8);
    private readonly Tensor valueTable = zeros(1, Longest, 8);
    private readonly bool inBuffers;
    private Tensor? keyCache;
    private Tensor? valueCache;
    private int seen;

    public CachingAttention(bool inBuffers)
        : base(nameof(CachingAttention))
    {
        this.inBuffers = inBuffers;
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens)
    {
        (Tensor k, Tensor v) = Remember(keys.forward(tokens), values.forward(tokens));
        Tensor scores = Split(queries.forward(tokens)).matmul(Split(k).transpose(-1, -2)) / 2;
        Tensor mixed = scores.softmax(-1).matmul(Split(v)).transpose(1, 2).flatten(2);
        Tensor x = tokens + output.forward(mixed);
        return x + last.forward(nn.functional.relu(first.forward(x)));
    }

    private static Tensor Split(Tensor x) => x.unflatten(2, [Heads, -1]).transpose(1, 2);

    private (Tensor Keys, Tensor Values) Remember(Tensor k, Tensor v)
    {
        long count = k.shape[1];
        if (inBuffers)
        {
            keyTable.narrow(1, seen, count).copy_(k);
            valueTable.narrow(1, seen, count).copy_(v);
            seen += (int)count;
            return (keyTable.narrow(1, 0, seen), valueTable.narrow(1, 0, seen));
        }
        keyCache = (keyCache is null ? k : cat([keyCache, k], 1)).alias().DetachFromDisposeScope();
        valueCache = (valueCache is null ? v : cat([valueCache, v], 1)).alias().DetachFromDisposeScope();
        return (keyCache, valueCache);
    }
}
