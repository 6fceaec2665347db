using Speedup.Abstractions;
using Speedup.Core.Reporting;
using Xunit;
using static Acceptance.Tests.Support.MaskedCase;

namespace Acceptance.Tests.AttentionCases;

/// <summary>Attention that users write out themselves, with whole heads masked away.</summary>
public sealed class WrittenAttentionTests
{
    private const int Width = 24;
    private const int Heads = 6;
    private const int HeadWidth = Width / Heads;

    public static TheoryData<bool> Styles => [true, false];

    /// <summary>Case 16: another number of heads in each block, half of the feed-forward network.</summary>
    [Theory]
    [MemberData(nameof(Styles))]
    public void Speedup_OfMaskedHeads_RemovesThemFromEachBlock(bool isWritten)
    {
        int[][] gone =
        [
            [1, 4],
            [0, 2, 5],
            [3],
        ];
        var masks = new List<(string, string, int, int[])>();
        for (int block = 0; block < gone.Length; block++)
        {
            int[] rows = [.. gone[block].SelectMany(head => Range(head * HeadWidth, HeadWidth))];
            foreach (string part in (string[])["query", "key", "value"])
                masks.Add(($"blocks.{block}.attention.{part}", "weight", 0, rows));
            masks.Add(($"blocks.{block}.attention.output", "weight", 1, rows));
            masks.Add(($"blocks.{block}.up", "weight", 0, Range(2 * Width, 2 * Width)));
        }

        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => new WrittenTransformer(Width, gone.Length, Heads, Heads, StyleOf(isWritten)),
            masks,
            [2, 7, Width],
            [3, 11, Width]
        );

        for (int block = 0; block < gone.Length; block++)
        {
            long left = (Heads - gone[block].Length) * HeadWidth;
            foreach (string part in (string[])["query", "key", "value"])
                Assert.Equal([left, Width], shapes[$"blocks.{block}.attention.{part}.weight"]);
            Assert.Equal([Width, left], shapes[$"blocks.{block}.attention.output.weight"]);
            Assert.Equal([2 * Width, Width], shapes[$"blocks.{block}.up.weight"]);
        }
        Assert.Empty(report.Barriers);
    }

    /// <summary>A value column that is masked away in each head goes, and so does a pair of query and key.</summary>
    [Fact]
    public void Speedup_OfColumnsMaskedInEveryHead_MakesHeadsNarrower()
    {
        int[] second = [.. Enumerable.Range(0, Heads).Select(head => (head * HeadWidth) + 1)];
        (string, string, int, int[])[] masks =
        [
            ("blocks.0.attention.value", "weight", 0, second),
            ("blocks.0.attention.value", "bias", 0, second),
            ("blocks.1.attention.query", "weight", 0, second),
            ("blocks.1.attention.query", "bias", 0, second),
        ];

        (_, Dictionary<string, long[]> shapes) = Run(
            () => new WrittenTransformer(Width, 2, Heads, Heads, AttentionStyle.Written),
            masks,
            [2, 7, Width],
            [3, 11, Width]
        );

        Assert.Equal([Width - Heads, Width], shapes["blocks.0.attention.value.weight"]);
        Assert.Equal([Width, Width - Heads], shapes["blocks.0.attention.output.weight"]);
        Assert.Equal([Width, Width], shapes["blocks.0.attention.query.weight"]);
        Assert.Equal([Width - Heads, Width], shapes["blocks.1.attention.query.weight"]);
        Assert.Equal([Width - Heads, Width], shapes["blocks.1.attention.key.weight"]);
        Assert.Equal([Width, Width], shapes["blocks.1.attention.value.weight"]);
    }

    /// <summary>The function scales by the width of a head, so that this stays, with a reason.</summary>
    [Fact]
    public void Speedup_OfQueryColumnsOfTheFunction_KeepsThem()
    {
        int[] second = [.. Enumerable.Range(0, Heads).Select(head => (head * HeadWidth) + 1)];
        (string, string, int, int[])[] masks =
        [
            ("blocks.0.attention.query", "weight", 0, second),
            ("blocks.0.attention.query", "bias", 0, second),
            ("blocks.0.attention.key", "weight", 0, second),
            ("blocks.0.attention.key", "bias", 0, second),
        ];

        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => new WrittenTransformer(Width, 1, Heads, Heads, AttentionStyle.Function),
            masks,
            [2, 7, Width],
            [3, 11, Width]
        );

        Assert.Contains(report.Kept, kept => kept.Reason.Contains("scales by the length", StringComparison.Ordinal));
        Assert.Equal(report.ParametersBefore, report.ParametersAfter);
    }

    /// <summary>Case 17: eight query heads share two heads of keys and values.</summary>
    [Theory]
    [MemberData(nameof(Styles))]
    public void Speedup_OfAWholeGroupOfSharedHeads_RemovesItsKeysAndValues(bool isWritten)
    {
        (string, string, int, int[])[] masks = GroupMasks([0, 1, 2, 3]);

        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(Grouped(isWritten), masks, [2, 7, 32], [3, 11, 32]);

        Assert.Equal([16L, 32], shapes["blocks.0.attention.query.weight"]);
        Assert.Equal([4L, 32], shapes["blocks.0.attention.key.weight"]);
        Assert.Equal([4L, 32], shapes["blocks.0.attention.value.weight"]);
        Assert.Equal([32L, 16], shapes["blocks.0.attention.output.weight"]);
        Assert.Empty(report.Barriers);
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void Speedup_OfUnevenHeadsOfSharedGroups_KeepsThemWithAReason(bool isWritten)
    {
        (string, string, int, int[])[] masks = GroupMasks([0, 1, 6]);

        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(Grouped(isWritten), masks, [2, 7, 32], [3, 11, 32]);

        Assert.Equal(report.ParametersBefore, report.ParametersAfter);
        Assert.Contains(report.Kept, kept => kept.Cause == KeepCause.Aligned && kept.Operator.Contains("query", StringComparison.Ordinal));
    }

    private static Func<WrittenTransformer> Grouped(bool isWritten) => () => new WrittenTransformer(32, 1, 8, 2, StyleOf(isWritten));

    private static (string, string, int, int[])[] GroupMasks(int[] heads)
    {
        int[] rows = [.. heads.SelectMany(head => Range(head * 4, 4))];
        return [("blocks.0.attention.query", "weight", 0, rows), ("blocks.0.attention.output", "weight", 1, rows)];
    }

    private static AttentionStyle StyleOf(bool isWritten) => isWritten ? AttentionStyle.Written : AttentionStyle.Function;
}
