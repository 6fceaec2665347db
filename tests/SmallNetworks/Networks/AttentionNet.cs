using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using static SmallNetworks.RowMasks;
using static TorchSharp.torch;

namespace SmallNetworks.Networks;

/// <summary>TorchSharp's own attention, which loses a head and so becomes a class of the framework's.</summary>
public sealed class AttentionNet : nn.Module<Tensor, Tensor>
{
    private const int Width = 16;
    private readonly nn.Module<Tensor, Tensor, Tensor, Tensor, bool, Tensor, Tuple<Tensor, Tensor>> attention = Make();
    private readonly LayerNorm norm = nn.LayerNorm(Width);
    private readonly Linear head = nn.Linear(Width, 5);

    public AttentionNet()
        : base(nameof(AttentionNet)) => RegisterComponents();

    /// <summary>By way of object: TorchSharp says that the results may be null.</summary>
    private static nn.Module<Tensor, Tensor, Tensor, Tensor, bool, Tensor, Tuple<Tensor, Tensor>> Make() =>
        (nn.Module<Tensor, Tensor, Tensor, Tensor, bool, Tensor, Tuple<Tensor, Tensor>>)(object)nn.MultiheadAttention(Width, 4);

    public override Tensor forward(Tensor input)
    {
        Tensor mixed = attention.call(input, input, input, null!, false, null!).Item1;
        return head.call(norm.call(input + mixed));
    }

    public static MaskSet CreateMasks(nn.Module model) => new([Mask(model, "attention.out_proj.weight", 1, 4, 5, 6, 7)]);
}
