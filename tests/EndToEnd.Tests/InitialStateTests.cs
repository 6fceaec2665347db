using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EndToEnd.Tests;

/// <summary>Recurrent loops by hand, and cells, whose initial states are made in <c>forward</c>.</summary>
public sealed class InitialStateTests
{
    private const int Hidden = 20;
    private static readonly string[] Gates = ["ir", "iz", "inn", "hr", "hz", "hn"];
    private static readonly int[] Pruned = [.. Enumerable.Range(0, Hidden).Where(unit => unit % 2 == 0)];

    /// <summary>Where the state comes from; whether the number of units in it follows.</summary>
    public static TheoryData<string, bool> States =>
        new()
        {
            { "shape", true },
            { "field", true },
            { "like", true },
            { "new", true },
            { "ones times zero", true },
            { "full", true },
            { "parameter", true },
            { "buffer", true },
            { "scalar", true },
            { "none", true },
            { "literal", false },
            { "arange", false },
        };

    [Theory]
    [MemberData(nameof(States))]
    public void LoopByHand_WithMaskedUnits_LosesThemWhereTheStateFollows(string state, bool follows)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using LoopGru small = Make(() => new LoopGru(state));
        using LoopGru masked = Make(() => new LoopGru(state));
        using MaskSet masks = Masks(small, Gates);
        Numbers.ApplyMasks(masked, masks);

        SpeedupReport report = ModelSpeedup.Run(small, [randn(2, 6, 5)], masks);

        string reasons = string.Join("; ", report.Kept.Select(kept => $"{kept.Operator}: {kept.Reason}"));
        Assert.True((small.state_dict()["hr.weight"].shape[0] == Hidden / 2) == follows, reasons);
        if (state == "literal")
            Assert.Contains(report.Kept, kept => kept.Operator.Contains("zeros") && kept.Reason.Contains("= 20 where 10 is needed"));
        AssertSame(masked, small, ScalarType.Float32, 1e-5);
        masked.to(ScalarType.Float64);
        small.to(ScalarType.Float64);
        AssertSame(masked, small, ScalarType.Float64, 1e-6); // masked and folded in float32
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cells_WithMaskedUnits_LoseThem(bool fields)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using Cells small = Make(() => new Cells(fields));
        using Cells masked = Make(() => new Cells(fields));
        using var masks = new MaskSet([.. UnitMasks(small, "cell", 3, Hidden), .. UnitMasks(small, "lstm", 4, 16)]);
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(small, [randn(2, 6, 5)], masks);

        Assert.Equal([30, 10], small.state_dict()["cell.weight_hh"].shape);
        Assert.Equal([32, 8], small.state_dict()["lstm.weight_hh"].shape);
        AssertSame(masked, small, ScalarType.Float32, 1e-5);
    }

    /// <summary>Longer sequences, other batches, twice in a row, and at another scale.</summary>
    private static void AssertSame(Module<Tensor, Tensor> masked, Module<Tensor, Tensor> small, ScalarType type, double tolerance)
    {
        foreach (long length in new long[] { 3, 6, 12, 18 })
        foreach (long batch in new long[] { 1, 3, 7 })
        foreach (double scale in new[] { 1, 1, 100 })
        {
            Tensor input = randn([batch, length, 5], dtype: type) * scale;
            Assert.InRange(Numbers.RelativeError(masked.forward(input), small.forward(input)), 0, tolerance);
        }
    }

    private static T Make<T>(Func<T> make)
        where T : Module
    {
        manual_seed(3);
        T model = make();
        model.eval();
        return model;
    }

    private static MaskSet Masks(Module model, string[] layers) =>
        new([
            .. layers.SelectMany(layer => new[] { "weight", "bias" }.Select(name => Rows(model, layer, name, row => Pruned.Contains(row)))),
        ]);

    /// <summary>Even units, in all gates.</summary>
    private static IEnumerable<MaskEntry> UnitMasks(Module model, string path, int gates, int units) =>
        new[] { "weight_ih", "weight_hh", "bias_ih", "bias_hh" }.Select(name => Rows(model, path, name, row => row % units % 2 == 0));

    private static MaskEntry Rows(Module model, string path, string name, Func<int, bool> isPruned)
    {
        Tensor mask = ones(model.state_dict()[$"{path}.{name}"].shape).DetachFromDisposeScope();
        for (int row = 0; row < mask.shape[0]; row++)
        {
            if (isPruned(row))
                mask[row].zero_().Dispose();
        }
        return new MaskEntry(path, name, mask);
    }

    private sealed class LoopGru : Module<Tensor, Tensor>
    {
        private readonly Linear ir = Linear(5, Hidden);
        private readonly Linear iz = Linear(5, Hidden);
        private readonly Linear inn = Linear(5, Hidden);
        private readonly Linear hr = Linear(Hidden, Hidden);
        private readonly Linear hz = Linear(Hidden, Hidden);
        private readonly Linear hn = Linear(Hidden, Hidden);
        private readonly Linear head = Linear(Hidden, 4);
        private readonly string state;
        private readonly int hidden = Hidden;
        private readonly Parameter? learnt;
        private readonly Tensor? held;

        public LoopGru(string state)
            : base(nameof(LoopGru))
        {
            this.state = state;
            learnt = state == "parameter" ? Parameter(zeros(1, Hidden).DetachFromDisposeScope()) : null;
            held = state == "buffer" ? zeros(1, Hidden).DetachFromDisposeScope() : null;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor? h = Initial(input);
            for (int t = 0; t < input.shape[1]; t++)
            {
                Tensor x = input.select(1, t);
                Tensor r = sigmoid(ir.forward(x) + Of(hr, h));
                Tensor z = sigmoid(iz.forward(x) + Of(hz, h));
                Tensor n = tanh(inn.forward(x) + (r * Of(hn, h)));
                h = h is null ? (1 - z) * n : ((1 - z) * n) + (z * h);
            }
            return head.forward(h!);
        }

        private Tensor? Initial(Tensor input)
        {
            long batch = input.shape[0];
            return state switch
            {
                "shape" => zeros(batch, hr.weight!.shape[0], dtype: input.dtype),
                "field" => zeros([batch, hidden], dtype: input.dtype),
                "like" => zeros_like(ir.forward(input.select(1, 0))),
                "new" => input.new_zeros([batch, hidden]),
                "ones times zero" => input.new_ones(batch, hidden) * 0,
                "full" => full([batch, hidden], 0f, dtype: input.dtype),
                "parameter" => learnt!.expand(batch, -1),
                "buffer" => held!.repeat(batch, 1),
                "scalar" => tensor(0f).to(input.dtype).expand(batch, hidden),
                "none" => null,
                "literal" => zeros(batch, 20, dtype: input.dtype),
                _ => (arange(Hidden) * 0).unsqueeze(0).expand(batch, -1).to(input.dtype),
            };
        }

        private static Tensor Of(Linear layer, Tensor? h) => h is null ? 0f : layer.forward(h);
    }

    private sealed class Cells : Module<Tensor, Tensor>
    {
        private readonly GRUCell cell = GRUCell(5, Hidden);
        private readonly LSTMCell lstm = LSTMCell(Hidden, 16);
        private readonly Linear head = Linear(16, 3);
        private readonly bool fields;
        private readonly int units = Hidden;
        private readonly long width = 16;

        public Cells(bool fields)
            : base(nameof(Cells))
        {
            this.fields = fields;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            long batch = input.shape[0];
            Tensor h = fields ? zeros(batch, units) : zeros(batch, cell.weight_hh!.shape[1]);
            (Tensor, Tensor) s = fields
                ? (zeros(batch, width), zeros([batch, width]))
                : (zeros(batch, lstm.weight_hh!.shape[1]), input.new_zeros(batch, lstm.weight_hh!.shape[1]));
            for (int t = 0; t < input.shape[1]; t++)
            {
                h = cell.forward(input.select(1, t), h);
                s = lstm.forward(h, s);
            }
            return head.forward(s.Item1);
        }
    }
}
