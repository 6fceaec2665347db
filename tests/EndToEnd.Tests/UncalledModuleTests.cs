using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Heads and branches that the traced pass does not reach.</summary>
public sealed class UncalledModuleTests
{
    [Fact]
    public void Speedup_OfAModelWithAHeadForTraining_NamesItAndIsExact()
    {
        using var scope = NewDisposeScope();
        using var twin = Twin<WithHead>.Speed(() => new WithHead(), randn(2, 3, 6, 6), ("first", [1, 2, 6]));

        Assert.Equal(5, twin.RowsOf("first"));
        Assert.Contains(twin.Report.Notes, note => note.Contains("'auxiliary'", StringComparison.Ordinal));
        Assert.Contains("auxiliary", twin.Report.Unvisited);
        foreach (long batch in new long[] { 1, 3, 7 })
            twin.AssertEqual(randn(batch, 3, 12, 12));
    }

    [Fact]
    public void Speedup_OfAModelThatReadsTheWeightOfAnotherLayer_DoesNotCallThatUncalled()
    {
        using var scope = NewDisposeScope();
        using var twin = Twin<WithReader>.Speed(() => new WithReader(), randn(2, 3, 6, 6), ("first", [1, 2, 6]));

        Assert.Equal(5, twin.RowsOf("first"));
        Assert.Empty(twin.Report.Unvisited);
        twin.AssertEqual(randn(3, 3, 12, 12) * 100);
    }

    private sealed class WithHead : UnusualModel
    {
        private readonly Conv2d auxiliary = nn.Conv2d(8, 2, 1);

        public WithHead()
            : base("head") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = first.forward(input).relu();
            return training ? last.forward(x) + auxiliary.forward(x).mean() : last.forward(x);
        }
    }

    /// <summary>A projection whose layer only lends its weight.</summary>
    private sealed class WithReader : UnusualModel
    {
        private readonly Linear lender = nn.Linear(4, 4, hasBias: false);

        public WithReader()
            : base("reader") => RegisterComponents();

        public override Tensor forward(Tensor input) =>
            nn.functional.linear(last.forward(first.forward(input).relu()).mean([2, 3]), lender.weight!);
    }
}
