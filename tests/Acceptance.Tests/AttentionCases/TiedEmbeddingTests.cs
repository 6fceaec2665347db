using Speedup.Abstractions;
using Speedup.Core.Reporting;
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

    [Fact]
    public void Speedup_OfATiedEmbedding_KeepsItsColumnsWithAReason()
    {
        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => new LanguageModel(isTied: true),
            [("words", "weight", 1, [1, 6])],
            [2, 5],
            [3, 9]
        );

        Assert.Equal([Entries, (long)Width], shapes["words.weight"]);
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

        /// <summary>Makes tokens of the numbers that all cases have as input.</summary>
        public override Tensor forward(Tensor input) =>
            scores.forward(middle.forward(words.forward((input.abs() * 4).clamp(0, Entries - 1).to(ScalarType.Int64))).tanh());
    }
}
