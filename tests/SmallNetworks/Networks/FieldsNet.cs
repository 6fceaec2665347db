using Speedup.Modules;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using static SmallNetworks.RowMasks;
using static TorchSharp.torch;

namespace SmallNetworks.Networks;

/// <summary>
/// Widths in fields and in modules of sizes, a scale for each channel in a parameter and in a tensor that is not registered, and a counter of calls.
/// </summary>
public sealed class FieldsNet : nn.Module<Tensor, Tensor>
{
    private readonly int width;
    private readonly Conv2d conv;
    private readonly Conv2d pair;
    private readonly Split halves;
    private readonly View rows;
    private readonly Parameter scale;
    private readonly Tensor shift;
    private readonly Linear head;
    private int calls;

    public FieldsNet(int width)
        : base(nameof(FieldsNet))
    {
        this.width = width;
        conv = nn.Conv2d(3, width + 2, 3, padding: 1);
        pair = nn.Conv2d(width + 2, 2 * width, 1);
        halves = new Split([width, width], dim: 1);
        rows = new View(-1, width, 4, 16);
        scale = new Parameter(arange(1, width + 3, dtype: ScalarType.Float32).reshape(1, width + 2, 1, 1) / 4);
        shift = arange(width, dtype: ScalarType.Float32).reshape(1, width, 1, 1) / 8;
        head = nn.Linear(width, 3);
        RegisterComponents();
    }

    /// <summary>Calls so far.</summary>
    public int Calls => calls;

    public override Tensor forward(Tensor input)
    {
        calls++;
        Tensor x = conv.call(input).relu() * scale;
        Tensor[] both = halves.call(pair.call(x));
        Tensor y = (both[0].relu() * both[1].sigmoid()) + shift;
        Tensor wide = y.reshape(input.shape[0], width, 64); // images of 8 by 8 only
        return head.call(rows.call(wide).mean([2, 3]));
    }

    public static MaskSet CreateMasks(nn.Module model) =>
        new([.. Rows(model, "conv", 1, 4, 5), .. Rows(model, "pair", 0, 3, 8, 11), Mask(model, "scale", 1, 1, 4, 5)]);
}
