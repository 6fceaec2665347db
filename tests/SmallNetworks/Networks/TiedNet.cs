using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using static SmallNetworks.RowMasks;
using static TorchSharp.torch;

namespace SmallNetworks.Networks;

/// <summary>An embedding whose weight is also the output layer's.</summary>
public sealed class TiedNet : nn.Module<Tensor, Tensor>
{
    private const int Width = 8;
    private readonly Embedding embedding = nn.Embedding(Words, Width);
    private readonly Linear inner = nn.Linear(Width, 12);
    private readonly Linear outer = nn.Linear(12, Width);
    private readonly Linear head;

    public TiedNet()
        : base(nameof(TiedNet))
    {
        head = nn.Linear(embedding.weight!, new Parameter(zeros(Words)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => head.call(outer.call(inner.call(embedding.call(input)).relu()));

    public static MaskSet CreateMasks(nn.Module model) =>
        new([Mask(model, "embedding.weight", 1, 1, 6), .. Rows(model, "inner", 3, 4, 7), .. Rows(model, "outer", 1, 6)]);
}
