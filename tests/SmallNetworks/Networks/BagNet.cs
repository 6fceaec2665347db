using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using static SmallNetworks.RowMasks;
using static TorchSharp.torch;

namespace SmallNetworks.Networks;

/// <summary>A bag of embeddings that is made with settings of its own.</summary>
public sealed class BagNet : nn.Module<Tensor, Tensor>
{
    private readonly EmbeddingBag bag = nn.EmbeddingBag(Words, 8, mode: EmbeddingBagMode.Max, padding_index: 3);
    private readonly Linear head = nn.Linear(8, 4);

    public BagNet()
        : base(nameof(BagNet)) => RegisterComponents();

    public override Tensor forward(Tensor input) => head.call(bag.call(input, null!, null!));

    public static MaskSet CreateMasks(nn.Module model) => new([Mask(model, "bag.weight", 1, 1, 6, 7)]);
}
