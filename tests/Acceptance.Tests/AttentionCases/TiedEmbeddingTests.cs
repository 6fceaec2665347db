using Speedup.Abstractions;
using Speedup.Core.Reporting;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static Acceptance.Tests.Support.MaskedCase;
using static TorchSharp.torch;

namespace Acceptance.Tests.AttentionCases;

/// <summary>Embeddings, alone and tied to the output layer.</summary>
public sealed class TiedEmbeddingTests
{
    private const int Entries = 11;
    private const int Width = 8;

    [Theory]
    [InlineData("words")]
    [InlineData("scores")]
    public void Speedup_OfATiedEmbedding_RemovesItsColumnsAndSharesAgain(string masked)
    {
        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => new LanguageModel(isTied: true),
            [(masked, "weight", 1, [1, 6])],
            [2, 5],
            [3, 9]
        );

        Assert.Equal([Entries, Width - 2L], shapes["words.weight"]);
        Assert.DoesNotContain("scores.weight", shapes.Keys); // one parameter is listed once
        Assert.Equal([Width - 2L, Width - 2L], shapes["middle.weight"]);
        Assert.DoesNotContain(report.Kept, kept => kept.Cause == KeepCause.Shared);
    }

    [Fact]
    public void Speedup_OfATiedEmbedding_LeavesOneParameterThatBothTrain()
    {
        using var scope = NewDisposeScope();
        using LanguageModel model = new(isTied: true);
        using Speedup.Persistence.Masks.MaskSet masks = new([new("words", "weight", MaskOfColumns(1, 6))]);
        using Tensor input = randn(2, 5);

        Support.Engine.Shared.Speedup(model, [input], masks);
        model.Forget();
        using (no_grad())
            model.Words.weight!.mul_(2);

        Assert.True(model.Words.weight!.equal(model.Scores.weight!).all().ToBoolean());
        model.forward(input).sum().backward();
        Assert.True(model.Words.weight!.grad!.equal(model.Scores.weight!.grad!).all().ToBoolean());
        Assert.Equal(Width - 2, model.Scores.weight!.shape[1]);
    }

    [Fact]
    public void Speedup_WhereOnlyTheOutputLayerIsReplaced_SharesAgain()
    {
        using var scope = NewDisposeScope();
        using SideModel model = new();
        using Tensor input = randn(2, 3, Width);
        Tensor before = model.forward(input);
        Linear scores = model.Scores;

        Support.Engine.Shared.Speedup(model, [input], Speedup.Persistence.Masks.MaskSet.Empty);
        Assert.True((model.forward(input) - before).abs().max().ToSingle() < 1e-5);
        using (no_grad())
            model.Words.weight!.fill_(3);

        Assert.NotSame(scores, model.Scores);
        Assert.True(model.Scores.weight!.eq(3).all().ToBoolean());
        Assert.Equal([Entries, (long)Width], model.Words.weight!.shape);
    }

    [Fact]
    public void Speedup_OfTwoTiedEmbeddings_KeepsThemWhole()
    {
        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => new TwinModel(),
            [("first", "weight", 1, [1, 6])],
            [2, 5],
            [3, 9]
        );

        Assert.Equal([Entries, (long)Width], shapes["first.weight"]);
        Assert.Contains(report.Kept, kept => kept.Cause == KeepCause.Shared);
    }

    [Fact]
    public void Speedup_OfAnEmbeddingAlone_RemovesItsColumns()
    {
        (_, Dictionary<string, long[]> shapes) = Run(
            () => new LanguageModel(isTied: false),
            [("words", "weight", 1, [1, 6])],
            [2, 5],
            [3, 9]
        );

        Assert.Equal([Entries, Width - 2L], shapes["words.weight"]);
        Assert.Equal([Width, Width - 2L], shapes["middle.weight"]);
    }

    private static Tensor MaskOfColumns(params long[] columns)
    {
        Tensor mask = ones(Entries, Width);
        foreach (long column in columns)
            mask.narrow(1, column, 1).fill_(0);
        return mask.DetachFromDisposeScope();
    }

    /// <summary>Makes tokens of the numbers that all cases have as input.</summary>
    private static Tensor Tokens(Tensor input) => (input.abs() * 4).clamp(0, Entries - 1).to(ScalarType.Int64);

    private sealed class LanguageModel : nn.Module<Tensor, Tensor>
    {
        private readonly Embedding words;
        private readonly Linear middle;
        private readonly Linear scores;

        public LanguageModel(bool isTied)
            : base(nameof(LanguageModel))
        {
            words = nn.Embedding(Entries, Width);
            middle = nn.Linear(Width, Width);
            scores = nn.Linear(Width, Entries);
            if (isTied)
                scores.weight = words.weight!;
            RegisterComponents();
        }

        public Embedding Words => words;

        public Linear Scores => scores;

        public void Forget() => zero_grad();

        public override Tensor forward(Tensor input) => scores.forward(middle.forward(words.forward(Tokens(input))).tanh());
    }

    /// <summary>Some channels of what the output layer reads are not read behind it, so that it is replaced, but not the embedding.</summary>
    private sealed class SideModel : nn.Module<Tensor, Tensor>
    {
        private readonly Embedding words;
        private readonly Conv1d mix;
        private readonly Linear scores;

        public SideModel()
            : base(nameof(SideModel))
        {
            words = nn.Embedding(Entries, Width);
            mix = nn.Conv1d(3, 5, 1);
            scores = nn.Linear(Width, Entries);
            scores.weight = words.weight!;
            RegisterComponents();
        }

        public Embedding Words => words;

        public Linear Scores => scores;

        public override Tensor forward(Tensor input)
        {
            Tensor read = scores.forward(mix.forward(input)).narrow(1, 0, 2);
            return cat([read.flatten(1), words.forward(Tokens(input)).mean([1, 2])], 1);
        }
    }

    /// <summary>Two native modules of one weight: neither can be given the other's.</summary>
    private sealed class TwinModel : nn.Module<Tensor, Tensor>
    {
        private readonly Embedding first;
        private readonly Embedding second;
        private readonly Linear head;

        public TwinModel()
            : base(nameof(TwinModel))
        {
            first = nn.Embedding(Entries, Width);
            second = nn.Embedding(Entries, Width);
            second.weight = first.weight!;
            head = nn.Linear(Width, 3);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => head.forward(first.forward(Tokens(input)) * second.forward(Tokens(input.flip(1))));
    }
}
