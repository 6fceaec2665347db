using Speedup.Core.Reporting;
using TorchSharp.Modules;
using Xunit;
using static Acceptance.Tests.Support.MaskedCase;
using static TorchSharp.torch;

namespace Acceptance.Tests.RecurrentCases;

/// <summary>Case 18: recurrent layers with masked hidden units, over 50 steps.</summary>
public sealed class RecurrentTests
{
    private const int Features = 6;
    private const int Units = 10;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Speedup_OfUnitsWithoutWeightsAndBiases_RemovesThem(bool isLstm)
    {
        int gates = isLstm ? 4 : 3;
        // other units in each layer and direction, and one more in the first: all keep as many
        (string Suffix, int[] Gone)[] gone =
        [
            ("l0", [1, 2, 7, 9]),
            ("l0_reverse", [0, 5, 6]),
            ("l1", [3, 4, 8]),
            ("l1_reverse", [2, 3, 9]),
        ];
        List<(string, string, int, int[])> masks = [.. gone.SelectMany(cell => CellMasks(cell.Suffix, cell.Gone, gates, maskBiases: true))];

        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => new SequenceModel(isLstm),
            masks,
            [50, 2, Features],
            [13, 3, Features]
        );

        Assert.Equal([gates * 7L, Features], shapes["recurrent.weight_ih_l0"]);
        Assert.Equal([gates * 7L, 14], shapes["recurrent.weight_ih_l1"]);
        Assert.Equal([gates * 7L, 7], shapes["recurrent.weight_hh_l1_reverse"]);
        Assert.Equal([4L, 14], shapes["head.weight"]);
        Assert.Empty(report.Barriers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Speedup_OfUnitsWithBiases_KeepsThem(bool isLstm)
    {
        List<(string, string, int, int[])> masks =
        [
            .. ((string[])["l0", "l0_reverse", "l1", "l1_reverse"]).SelectMany(cell =>
                CellMasks(cell, [1, 2, 7], isLstm ? 4 : 3, maskBiases: false)
            ),
        ];

        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => new SequenceModel(isLstm),
            masks,
            [50, 2, Features],
            [13, 3, Features]
        );

        Assert.Equal(report.ParametersBefore, report.ParametersAfter);
    }

    [Fact]
    public void Speedup_OfUnitsThatNobodyReads_RemovesThem()
    {
        int[] unread = [1, 4];
        int[] others = [.. Enumerable.Range(0, Units).Except(unread)];
        List<(string, string, int, int[])> masks =
        [
            ("recurrent", "weight_ih_l1", 1, unread),
            ("recurrent", "weight_ih_l1_reverse", 1, unread),
        ];
        foreach (string cell in (string[])["l0", "l0_reverse", "l1", "l1_reverse"])
            masks.Add(("recurrent", $"weight_hh_{cell}", 1, unread));
        int[] reverse = [.. unread.Select(unit => Units + unit)];
        masks.Add(("recurrent", "weight_ih_l1", 1, reverse));
        masks.Add(("recurrent", "weight_ih_l1_reverse", 1, reverse));
        masks.Add(("head", "weight", 1, [.. unread, .. reverse]));

        (_, Dictionary<string, long[]> shapes) = Run(() => new SequenceModel(true), masks, [20, 2, Features], [9, 1, Features]);

        Assert.Equal([4L, 2 * others.Length], shapes["head.weight"]);
    }

    [Fact]
    public void Speedup_OfACellInALoop_RemovesItsUnits()
    {
        List<(string, string, int, int[])> masks = [];
        foreach (string kind in (string[])["weight_ih", "weight_hh", "bias_ih", "bias_hh"])
            masks.Add(("cell", kind, 0, [.. Enumerable.Range(0, 3).SelectMany(gate => new[] { gate * Units, (gate * Units) + 3 })]));

        (_, Dictionary<string, long[]> shapes) = Run(() => new LoopModel(), masks, [5, 2, Features], [5, 3, Features]);

        Assert.Equal([3L * 8, 8], shapes["cell.weight_hh"]);
        Assert.Equal([4L, 8], shapes["head.weight"]);
    }

    private static IEnumerable<(string, string, int, int[])> CellMasks(string suffix, int[] units, int gates, bool maskBiases)
    {
        int[] rows = [.. Enumerable.Range(0, gates).SelectMany(gate => units.Select(unit => (gate * Units) + unit))];
        string[] kinds = maskBiases ? ["weight_ih", "weight_hh", "bias_ih", "bias_hh"] : ["weight_ih", "weight_hh"];
        return kinds.Select(kind => ("recurrent", $"{kind}_{suffix}", 0, rows));
    }

    /// <summary>Two layers in both directions, then a linear layer on each step.</summary>
    private sealed class SequenceModel : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module recurrent;
        private readonly Linear head;

        public SequenceModel(bool isLstm)
            : base(nameof(SequenceModel))
        {
            recurrent = isLstm
                ? nn.LSTM(Features, Units, numLayers: 2, bidirectional: true)
                : nn.GRU(Features, Units, numLayers: 2, bidirectional: true);
            head = nn.Linear(2 * Units, 4);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor steps = recurrent is LSTM lstm ? lstm.call(input).Item1 : ((GRU)recurrent).call(input).Item1;
            return head.forward(steps);
        }
    }

    /// <summary>A cell that is called once a step.</summary>
    private sealed class LoopModel : nn.Module<Tensor, Tensor>
    {
        private readonly GRUCell cell;
        private readonly Linear head;

        public LoopModel()
            : base(nameof(LoopModel))
        {
            cell = nn.GRUCell(Features, Units);
            head = nn.Linear(Units, 4);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor state = cell.call(input[0], null!);
            for (int step = 1; step < input.shape[0]; step++)
                state = cell.call(input[step], state);
            return head.forward(state);
        }
    }
}
