using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SmallNetworks.Networks;

/// <summary>An encoder of TorchSharp's that loses hidden units, and heads where its field can hold another class.</summary>
public sealed class TransformerNet : nn.Module<Tensor, Tensor>
{
    private const int Width = 16;
    private readonly TransformerEncoder? closed;
    private readonly nn.Module<Tensor, Tensor, Tensor, Tensor>? open;
    private readonly Linear head = nn.Linear(Width, 5);

    public TransformerNet(bool isOpen)
        : base(nameof(TransformerNet))
    {
        using TransformerEncoderLayer layer = nn.TransformerEncoderLayer(Width, 4, 12, dropout: 0, activation: nn.Activations.GELU);
        if (isOpen)
            open = nn.TransformerEncoder(layer, 2);
        else
            closed = nn.TransformerEncoder(layer, 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) =>
        head.call(open is null ? closed!.call(input, null!, null!) : open.call(input, null!, null!));

    public static MaskSet CreateMasks(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        string encoder = model.named_children().First(child => child.name != nameof(head)).name;
        List<MaskEntry> masks = [.. Units("0"), .. Units("1")];
        if (encoder == nameof(open))
            masks.Add(Mask(model, encoder, "layers.0.self_attn.out_proj.weight", 1, 0, 1, 2, 3));
        return new MaskSet(masks);

        IEnumerable<MaskEntry> Units(string layer) =>
            [
                Mask(model, encoder, $"layers.{layer}.linear1.weight", 0, 2, 5, 6),
                Mask(model, encoder, $"layers.{layer}.linear1.bias", 0, 2, 5, 6),
            ];
    }

    /// <summary>The names of a native module's parameters have dots.</summary>
    private static MaskEntry Mask(nn.Module model, string encoder, string name, long axis, params long[] indices)
    {
        MaskEntry entry = RowMasks.Mask(model, $"{encoder}.{name}", axis, indices);
        return new MaskEntry(encoder, name, entry.Mask);
    }
}
