using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Recurrent;

/// <summary>The parameters of the smaller module.</summary>
internal sealed class SmallParameters(IReplacement replacement, RecurrentLayout layout)
{
    private readonly UnitPairing _pairing = new(replacement, layout, new HiddenUnits(replacement, layout));

    /// <summary>Number of units that stay.</summary>
    public long Units => replacement.Kept(layout.Units).Count;

    /// <summary>Number of features that stay.</summary>
    public long Features => replacement.Kept(RecurrentLayout.Input).Count;

    /// <summary>Whether there are biases.</summary>
    public bool HasBias => replacement.FindParameter(layout.NameOf(RecurrentLayout.InputBias, 0, 0)) is not null;

    /// <summary>Writes them into a new module of the right size.</summary>
    public nn.Module WriteInto(nn.Module small)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var targets = new Dictionary<string, Parameter>(StringComparer.Ordinal);
        foreach ((string name, Parameter parameter) in small.named_parameters(recurse: false))
            targets[name] = parameter;
        foreach ((int layer, int direction) in layout.Cells)
        {
            foreach ((string name, Tensor value) in OfCell(layer, direction))
                targets[name].copy_(value);
        }
        return small;
    }

    private IEnumerable<(string Name, Tensor Value)> OfCell(int layer, int direction)
    {
        string name = layout.NameOf(RecurrentLayout.InputWeight, layer, direction);
        Tensor weight = replacement.FindParameter(name)!.Masked();
        Tensor rows = RowsOf(layer, direction, weight.device);
        yield return (name, weight.index_select(0, rows).index_select(1, ColumnsOf(layer, weight.device)));
        string state = layout.NameOf(RecurrentLayout.StateWeight, layer, direction);
        Tensor columns = tensor(_pairing.Kept(replacement, layer, direction).Select(unit => (long)unit).ToArray(), device: weight.device);
        yield return (state, replacement.FindParameter(state)!.Masked().index_select(0, rows).index_select(1, columns));
        if (!HasBias)
            yield break;
        string bias = layout.NameOf(RecurrentLayout.InputBias, layer, direction);
        Tensor folded = replacement.FindParameter(bias)!.Masked();
        if (layer == 0)
            folded = Fold(weight, folded);
        yield return (bias, folded.index_select(0, rows));
        string stateBias = layout.NameOf(RecurrentLayout.StateBias, layer, direction);
        yield return (stateBias, replacement.FindParameter(stateBias)!.Masked().index_select(0, rows));
    }

    /// <summary>The bias with the constants of removed features added.</summary>
    private Tensor Fold(Tensor weight, Tensor bias)
    {
        double[] constants =
        [
            .. Enumerable.Range(0, (int)weight.shape[1]).Select(i => replacement.FoldedConstant(RecurrentLayout.Input, i)),
        ];
        if (Array.TrueForAll(constants, constant => constant == 0))
            return bias;
        Tensor added = weight.to(ScalarType.Float64).mv(tensor(constants, dtype: ScalarType.Float64, device: weight.device));
        return (bias.to(ScalarType.Float64) + added).to(bias.dtype);
    }

    private Tensor RowsOf(int layer, int direction, Device device)
    {
        int[] kept = _pairing.Kept(replacement, layer, direction);
        return tensor(
            Enumerable.Range(0, layout.Gates).SelectMany(gate => kept.Select(unit => (gate * (long)_pairing.Count) + unit)).ToArray(),
            device: device
        );
    }

    private Tensor ColumnsOf(int layer, Device device)
    {
        IEnumerable<long> kept =
            layer == 0
                ? replacement.Kept(RecurrentLayout.Input).Select(feature => (long)feature)
                : Enumerable
                    .Range(0, layout.Directions)
                    .SelectMany(direction =>
                        _pairing.Kept(replacement, layer - 1, direction).Select(unit => (direction * (long)_pairing.Count) + unit)
                    );
        return tensor(kept.ToArray(), device: device);
    }
}
