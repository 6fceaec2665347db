using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PlainModels;

/// <summary>Words, and a number for each.</summary>
public sealed class PairNet : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Embedding words = nn.Embedding(50, 8);
    private readonly Linear inner = nn.Linear(9, 12);
    private readonly Linear head = nn.Linear(12, 3);

    public PairNet()
        : base(nameof(PairNet)) => RegisterComponents();

    public override Tensor forward(Tensor tokens, Tensor values) =>
        head.call(inner.call(cat([words.call(tokens), values.unsqueeze(-1)], -1)).relu());
}
