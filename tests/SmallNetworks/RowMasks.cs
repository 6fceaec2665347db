using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace SmallNetworks;

/// <summary>Masks of whole indices.</summary>
public static class RowMasks
{
    /// <summary>Tokens of a vocabulary.</summary>
    public const long Words = 20;

    /// <summary>Masks indices of an axis of a parameter or buffer.</summary>
    public static MaskEntry Mask(nn.Module model, string name, long axis, params long[] indices)
    {
        ArgumentNullException.ThrowIfNull(model);
        Tensor masked = model.state_dict()[name];
        Tensor mask = ones(masked.shape);
        using Tensor index = tensor(indices);
        using TorchSharp.Scalar zero = 0;
        mask.index_fill_(axis, index, zero);
        int dot = name.LastIndexOf('.');
        return new MaskEntry(dot < 0 ? "" : name[..dot], name[(dot + 1)..], mask);
    }

    /// <summary>Masks rows of a layer, weights and biases.</summary>
    public static IEnumerable<MaskEntry> Rows(nn.Module model, string layer, params long[] rows) =>
        model
            .state_dict()
            .Keys.Where(name => name == $"{layer}.weight" || name == $"{layer}.bias")
            .Select(name => Mask(model, name, 0, rows));
}
