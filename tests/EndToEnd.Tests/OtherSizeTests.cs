using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Code that does something else at sizes far from the example's: verified here at twice and three times its size, and other batches.</summary>
public sealed class OtherSizeTests
{
    public static TheoryData<string> Branches => [.. Codes.Keys];

    private static Dictionary<string, Func<Tensor, Conv2d, Tensor>> Codes { get; } =
        new(StringComparer.Ordinal)
        {
            ["more passes on larger images"] = (y, middle) => Repeat(y, middle, 1 + (y.shape[2] / 24)),
            ["branch for larger images"] = (y, _) => y.shape[2] > 12 ? y.flip(1) : y,
            ["number beyond the example"] = (y, _) => y + Math.Max(0, y.shape[2] - 12),
            ["branch for larger batches"] = (y, _) => y.shape[0] > 2 ? y.roll(1, 1) : y,
            ["branch for one sample"] = (y, _) => y.shape[0] == 1 ? y.sigmoid() : y.relu(),
            ["loop over samples"] = (y, _) => Raise(y),
            ["slice of channels by size"] = (y, _) => y.narrow(1, y.shape[2] % 4, 4).repeat(1, 2, 1, 1),
            ["harmless branch"] = (y, _) => y.shape[2] > 12 ? y.relu() : y.relu().abs(),
        };

    [Theory]
    [MemberData(nameof(Branches))]
    public void Speedup_OfCodeThatDependsOnTheSize_IsExactAtEachSize(string name)
    {
        using var scope = NewDisposeScope();
        using Trial<Images> trial = Trial<Images>.Run(
            () => new Images(Codes[name]),
            (model, inputs) => model.forward(inputs[0]),
            [randn(2, 3, 12, 12)],
            [("a.weight", [2, 3, 4]), ("c.weight", [2, 5])]
        );

        foreach (
            (long batch, long height, long width) in new[]
            {
                (2L, 12L, 12L),
                (1, 12, 12),
                (3, 12, 12),
                (7, 12, 12),
                (2, 24, 24),
                (2, 36, 20),
                (1, 48, 48),
            }
        )
            trial.AssertEqual(randn(batch, 3, height, width));
    }

    [Fact]
    public void Speedup_OfTwoPathsThatDoTheSame_Shrinks()
    {
        using var scope = NewDisposeScope();
        using Trial<Images> trial = Trial<Images>.Run(
            () => new Images(Codes["harmless branch"]),
            (model, inputs) => model.forward(inputs[0]),
            [randn(2, 3, 12, 12)],
            [("a.weight", [2, 3, 4]), ("a.bias", [2, 3, 4])]
        );

        Assert.Equal(5, trial.RowsOf("a.weight"));
        Assert.Contains(trial.Report.Notes, note => note.Contains("another path", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Speedup_OfATableOfPositionsInTwoDirections_LeavesItsPositions(bool masks)
    {
        using var scope = NewDisposeScope();
        using Trial<ImagePositions> trial = Trial<ImagePositions>.Run(
            () => new ImagePositions(),
            (model, inputs) => model.forward(inputs[0]),
            [randn(2, 3, 12, 12)],
            masks ? [("a.weight", [2, 3]), ("a.bias", [2, 3]), ("b.weight", [1])] : []
        );

        Assert.Equal([1, 8, 64, 64], trial.Small.positions.shape);
        foreach ((long batch, long size) in new[] { (2L, 12L), (1, 8), (3, 16), (7, 24), (2, 36), (1, 64) })
            trial.AssertEqual(randn(batch, 3, size, size));
    }

    [Theory]
    [InlineData(false, ScalarType.Float32)]
    [InlineData(true, ScalarType.Float32)]
    [InlineData(true, ScalarType.Float64)]
    public void Speedup_OfATableOfPositions_ShrinksBesideIt(bool loops, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using Trial<SequencePositions> trial = Trial<SequencePositions>.Run(
            () => new SequencePositions(loops),
            (model, inputs) => model.forward(inputs[0]),
            [randn(2, 7, 6)],
            [("f.weight", [2, 3]), ("f.bias", [2, 3])],
            dtype: dtype
        );

        Assert.Equal(64, trial.Small.positions.shape[1]);
        Assert.Equal(6, trial.RowsOf("f.weight"));
        foreach ((long batch, long length) in new[] { (2L, 7L), (2, 8), (1, 9), (3, 14), (7, 21), (2, 60), (1, 1) })
            trial.AssertEqual(randn(batch, length, 6));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(64)]
    public void Speedup_OfAMaskThatIsCutToTheLength_Shrinks(long example)
    {
        using var scope = NewDisposeScope();
        using Trial<Causal> trial = Trial<Causal>.Run(
            () => new Causal(),
            (model, inputs) => model.forward(inputs[0]),
            [randn(2, example, 8)],
            [("f.weight", [2, 3, 4]), ("f.bias", [2, 3, 4])]
        );

        Assert.Equal(13, trial.RowsOf("f.weight"));
        foreach ((long batch, long length) in new[] { (2L, 7L), (1, 20), (3, 41), (7, 64) })
            trial.AssertEqual(randn(batch, length, 8));
    }

    [Theory]
    [InlineData("mean")]
    [InlineData("attention")]
    [InlineData("at most eight")]
    [InlineData("last row")]
    public void Speedup_OfATableReadAsFarAsTheInputReaches_LeavesItsRows(string reads)
    {
        using var scope = NewDisposeScope();
        using Trial<Memory> trial = Trial<Memory>.Run(
            () => new Memory(reads),
            (model, inputs) => model.forward(inputs[0], inputs[1]),
            [randn(12, 3, 16), randn(12, 12)],
            []
        );

        Assert.Equal([64, 16], trial.Small.table.shape);
        foreach (long length in new long[] { 12, 5, 20, 36, 64 })
            trial.AssertEqual(randn(length, 3, 16), randn(length, length));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Speedup_OfAttentionToATable_IsExactAtOtherLengths(bool sequenceFirst)
    {
        using var scope = NewDisposeScope();
        using Trial<TableAttention> trial = Trial<TableAttention>.Run(
            () => new TableAttention(sequenceFirst),
            (model, inputs) => model.forward(inputs[0]),
            [sequenceFirst ? randn(12, 3, 16) : randn(3, 12, 16)],
            [("first.weight", [0, 1, 2, 3, 4, 5, 6, 7])]
        );

        Assert.Equal([64, 16], trial.Small.table.shape);
        Assert.Equal(8, trial.RowsOf("first.weight"));
        foreach (long length in new long[] { 12, 20, 5, 36, 64 })
            trial.AssertEqual(sequenceFirst ? randn(length, 2, 16) : randn(2, length, 16));
    }

    private static Tensor Repeat(Tensor y, Conv2d middle, long times)
    {
        for (long i = 0; i < times; i++)
            y = middle.forward(y).tanh();
        return y;
    }

    private static Tensor Raise(Tensor y)
    {
        for (int i = 0; i < y.shape[0]; i++)
            y = y + 0.25;
        return y;
    }

    private sealed class Images : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d a = nn.Conv2d(3, 8, 3, padding: 1L);
        private readonly Conv2d c = nn.Conv2d(8, 8, 3, padding: 1L);
        private readonly Conv2d b = nn.Conv2d(8, 4, 3, padding: 1L);
        private readonly Func<Tensor, Conv2d, Tensor> code;

        public Images(Func<Tensor, Conv2d, Tensor> code)
            : base("images")
        {
            this.code = code;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => b.forward(code(a.forward(input), c));
    }

    private sealed class ImagePositions : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d a = nn.Conv2d(3, 8, 3, padding: 1L);
        private readonly Conv2d b = nn.Conv2d(8, 4, 3, padding: 1L);
        public readonly Parameter positions = nn.Parameter(randn(1, 8, 64, 64));

        public ImagePositions()
            : base("positions") => RegisterComponents();

        public override Tensor forward(Tensor input) =>
            b.forward(a.forward(input) + positions[.., .., ..(int)input.shape[2], ..(int)input.shape[3]]);
    }

    private sealed class SequencePositions : nn.Module<Tensor, Tensor>
    {
        private readonly Linear a = nn.Linear(6, 8);
        private readonly Linear f = nn.Linear(8, 8);
        private readonly Linear b = nn.Linear(8, 4);
        private readonly GRUCell g = nn.GRUCell(8, 8);
        private readonly bool loops;
        public readonly Parameter positions = nn.Parameter(randn(1, 64, 8));

        public SequencePositions(bool loops)
            : base("positions")
        {
            this.loops = loops;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor y = f.forward(a.forward(input) + positions[.., ..(int)input.shape[1]]).relu();
            if (!loops)
                return b.forward(y);
            Tensor h = zeros(input.shape[0], 8, dtype: input.dtype);
            for (int t = 0; t < y.shape[1]; t++)
                h = g.forward(y.select(1, t), h);
            return b.forward(h);
        }
    }

    private sealed class Causal : nn.Module<Tensor, Tensor>
    {
        private readonly Linear q = nn.Linear(8, 8);
        private readonly Linear k = nn.Linear(8, 8);
        private readonly Linear v = nn.Linear(8, 8);
        private readonly Linear f = nn.Linear(8, 16);
        private readonly Linear o = nn.Linear(16, 8);
        private readonly Tensor causal = ones(64, 64).tril();

        public Causal()
            : base("causal")
        {
            register_buffer("causal", causal);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            int length = (int)input.shape[1];
            Tensor scores = q.forward(input).matmul(k.forward(input).transpose(1, 2)) / 3;
            scores = scores.masked_fill(causal[..length, ..length] == 0, double.NegativeInfinity).softmax(-1);
            return o.forward(f.forward(scores.matmul(v.forward(input))).relu());
        }
    }

    private sealed class Memory : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(16, 16);
        private readonly string reads;
        public readonly Parameter table = nn.Parameter(randn(64, 16));

        public Memory(string reads)
            : base("memory")
        {
            this.reads = reads;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input, Tensor mix)
        {
            long length = input.shape[0];
            Tensor h = first.forward(input);
            h = mix.matmul(h.transpose(0, 1)).transpose(0, 1);
            Tensor t = table[TensorIndex.Slice(null, length)];
            return reads switch
            {
                "mean" => h + t.mean([0], keepdim: true),
                "attention" => h + h.matmul(t.t()).softmax(-1).matmul(t),
                "last row" => h + table[(int)length - 1],
                _ => h + t.narrow(0, 0, Math.Min(length, 8)).sum(0),
            };
        }
    }

    private sealed class TableAttention : nn.Module<Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(16, 16);
        private readonly Linear second = nn.Linear(16, 16);
        private readonly bool sequenceFirst;
        public readonly Parameter table = nn.Parameter(randn(64, 16));

        public TableAttention(bool sequenceFirst)
            : base("attention")
        {
            this.sequenceFirst = sequenceFirst;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor h = second.forward(first.forward(input).relu());
            Tensor t = table[TensorIndex.Slice(null, input.shape[sequenceFirst ? 0 : 1])];
            return h + h.matmul(t.t()).softmax(-1).matmul(t);
        }
    }
}
