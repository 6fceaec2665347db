using Speedup.Abstractions;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Many sizes that stand in the source, in fields or as numbers: learnt together, and not one an attempt.</summary>
public sealed class SizesInSourceTests
{
    private const int Blocks = 60;

    [Fact]
    public void Speedup_OfManyFieldsThatGuardAWidth_GivesAllTheNewOneAtOnce()
    {
        using var scope = NewDisposeScope();
        using Trial<Net> trial = Speed("field", _ => 16);

        Assert.All(Enumerable.Range(0, Blocks), i => Assert.Equal(8, trial.RowsOf($"blocks.{i}.a.weight")));
        Assert.InRange(trial.Report.Attempts.Count, 1, 2);
        trial.AssertEqual(randn(7, 16));
    }

    [Fact]
    public void Speedup_OfManyViewsWithAFieldForTheWidth_GivesAllTheNewOneAtOnce()
    {
        using var scope = NewDisposeScope();
        using Trial<Net> trial = Speed("view", _ => 16);

        Assert.All(Enumerable.Range(0, Blocks), i => Assert.Equal(8, trial.RowsOf($"blocks.{i}.a.weight")));
        Assert.InRange(trial.Report.Attempts.Count, 1, 2);
        trial.AssertEqual(randn(7, 16));
    }

    /// <summary>The first throws, and only once that is mended the second is reached, in another class: what was learnt of the first must not be lost.</summary>
    [Fact]
    public void Speedup_OfFieldsThatAreMetOneAfterTheOther_GivesEachTheNewWidth()
    {
        using var scope = NewDisposeScope();
        using var trial = Trial<Pair>.Run(
            () => new Pair(),
            (model, inputs) => model.forward(inputs[0]),
            [randn(2, 16)],
            [("first.a.weight", [0, 1, 2, 3, 4, 5]), ("second.a.weight", [1, 3, 5, 7])]
        );

        Assert.Equal(10, trial.RowsOf("first.a.weight"));
        Assert.Equal(12, trial.RowsOf("second.a.weight"));
        foreach (long batch in new long[] { 1, 3, 7 })
            trial.AssertEqual(randn(batch, 16));
    }

    [Theory]
    [InlineData("literal", 16)] // not enough numbers for the view: an error
    [InlineData("rows", 16)] // enough for twice as many rows: another shape, and an error later on
    public void Speedup_OfManyNumbersInTheSource_KeepsWhatTheyCountAfterOneAttempt(string kind, int kept)
    {
        using var scope = NewDisposeScope();
        using Trial<Net> trial = Speed(kind, _ => 16);

        Assert.All(Enumerable.Range(0, Blocks), i => Assert.Equal(kept, trial.RowsOf($"blocks.{i}.a.weight")));
        Assert.Contains(trial.Report.Unshrunk, module => module is { Path: "blocks.7.a", Cause: KeepCause.HardCodedSize, Removed: 0 });
        Assert.InRange(trial.Report.Attempts.Count, 1, 2);
        trial.AssertEqual(randn(6, 16));
    }

    [Fact]
    public void Speedup_OfManyDifferentNumbersInTheSource_LearnsThemTogether()
    {
        using var scope = NewDisposeScope();
        using Trial<Net> trial = Speed("different", i => 12 + (i % 9));

        Assert.InRange(trial.Report.Attempts.Count, 1, 3);
        foreach (long batch in new long[] { 1, 3, 7 })
            trial.AssertEqual(randn(batch, 16));
    }

    private static Trial<Net> Speed(string kind, Func<int, int> width) =>
        Trial<Net>.Run(
            () => new Net(kind, width),
            (model, inputs) => model.forward(inputs[0]),
            [randn(2, 16)],
            [.. Enumerable.Range(0, Blocks).Select(i => ($"blocks.{i}.a.weight", new[] { 0, 1, 2, 3, 4, 5, 6, 7 }))]
        );

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Linear a;
        private readonly Linear b;
        private readonly string kind;
        private readonly long width;
        private readonly string number;

        public Block(string kind, int width)
            : base("block")
        {
            a = nn.Linear(16, width);
            b = nn.Linear(width, 16);
            (this.kind, this.width, number) = (kind, width, $"{width}");
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor h = a.forward(input).relu();
            if (kind == "field" && h.shape[1] != width)
                throw new ArgumentException($"expected {width} channels");
            h = kind switch
            {
                "view" => h.view(input.shape[0], width),
                "literal" => h.view(input.shape[0], 16),
                "rows" => h.view(-1, 16),
                "different" => h.view(input.shape[0], int.Parse(number, null)), // a field that is no number
                _ => h,
            };
            return (input + b.forward(h)) / 2;
        }
    }

    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly ModuleList<Block> blocks = [];
        private readonly Linear head = nn.Linear(16, 4);

        public Net(string kind, Func<int, int> width)
            : base("net")
        {
            for (int i = 0; i < Blocks; i++)
                blocks.Add(new Block(kind, width(i)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            foreach (Block block in blocks)
                input = block.forward(input);
            return head.forward(input);
        }
    }

    /// <summary>The second guard stands in a class of its own.</summary>
    private sealed class Guarded : nn.Module<Tensor, Tensor>
    {
        private readonly Linear a = nn.Linear(16, 16);
        private readonly Linear b = nn.Linear(16, 16);
        private readonly long expected = 16;

        public Guarded()
            : base("guarded") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor h = a.forward(input).tanh();
            return h.shape[1] == expected ? b.forward(h) : throw new ArgumentException($"expected {expected} channels");
        }
    }

    private sealed class Pair : nn.Module<Tensor, Tensor>
    {
        private readonly Block first = new("field", 16);
        private readonly Guarded second = new();

        public Pair()
            : base("pair") => RegisterComponents();

        public override Tensor forward(Tensor input) => second.forward(first.forward(input));
    }
}
