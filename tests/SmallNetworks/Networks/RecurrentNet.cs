using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using static SmallNetworks.RowMasks;
using static TorchSharp.torch;

namespace SmallNetworks.Networks;

/// <summary>Recurrent layers of each kind, which lose hidden units, and a cell in a loop.</summary>
public sealed class RecurrentNet : nn.Module<Tensor, Tensor>
{
    private const int Features = 6;
    private const int Units = 10;
    private readonly LSTM lstm = nn.LSTM(Features, Units, numLayers: 2, bidirectional: true);
    private readonly GRU gru = nn.GRU(2 * Units, Units);
    private readonly RNN rnn = nn.RNN(Units, Units, nonLinearity: nn.NonLinearities.ReLU);
    private readonly RNNCell cell = nn.RNNCell(Units, Units, nn.NonLinearities.ReLU);
    private readonly GRUCell gate = nn.GRUCell(Units, Units);
    private readonly Linear head = nn.Linear(Units, 4);

    public RecurrentNet()
        : base(nameof(RecurrentNet)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Tensor steps = rnn.call(gru.call(lstm.call(input).Item1).Item1).Item1;
        Tensor state = cell.call(steps[0], null!);
        for (int step = 1; step < steps.shape[0]; step++)
            state = cell.call(steps[step], state);
        return head.call(gate.call(state, null!));
    }

    public static MaskSet CreateMasks(nn.Module model) =>
        new([
            .. ((string[])["l0", "l0_reverse", "l1", "l1_reverse"]).SelectMany(cell => Cell(model, "lstm", "_" + cell, 4, 1, 7, 9)),
            .. Cell(model, "gru", "_l0", 3, 0, 4),
            .. Cell(model, "rnn", "_l0", 1, 2, 3, 8),
            .. Cell(model, "cell", "", 1, 5),
            .. Cell(model, "gate", "", 3, 6, 7),
        ]);

    private static IEnumerable<MaskEntry> Cell(nn.Module model, string layer, string suffix, int gates, params long[] units)
    {
        long[] rows = [.. Enumerable.Range(0, gates).SelectMany(gate => units.Select(unit => (gate * Units) + unit))];
        return ((string[])["weight_ih", "weight_hh", "bias_ih", "bias_hh"]).Select(kind => Mask(model, $"{layer}.{kind}{suffix}", 0, rows));
    }
}
