using Speedup.Abstractions;
using Speedup.Core.Reporting;
using Xunit;
using static Acceptance.Tests.Support.MaskedCase;

namespace Acceptance.Tests.AttentionCases;

/// <summary>Case 16: <c>nn.MultiheadAttention</c> with masked heads.</summary>
public sealed class LibraryAttentionTests
{
    private const int Width = 48;
    private const int Heads = 12;
    private const int HeadWidth = Width / Heads;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Speedup_OfMaskedHeads_RemovesThemFromEachBlock(bool maskOutput)
    {
        int[][] gone =
        [
            [0, 2, 4, 5, 9, 11],
            [3],
            [1, 7, 8],
        ];
        var masks = new List<(string, string, int, int[])>();
        for (int block = 0; block < gone.Length; block++)
        {
            int[] columns = [.. gone[block].SelectMany(head => Range(head * HeadWidth, HeadWidth))];
            int[] rows = [.. Enumerable.Range(0, 3).SelectMany(part => columns.Select(column => (part * Width) + column))];
            masks.Add(($"blocks.{block}.attention", "in_proj_weight", 0, rows));
            if (maskOutput) // else the bias of the values goes on through the output
                masks.Add(($"blocks.{block}.attention.out_proj", "weight", 1, columns));
            masks.Add(($"blocks.{block}.up", "weight", 0, Range(2 * Width, 2 * Width)));
        }

        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => new LibraryTransformer(Width, gone.Length, Heads),
            masks,
            [2, 7, Width],
            [3, 11, Width]
        );

        for (int block = 0; block < gone.Length; block++)
        {
            long left = (Heads - gone[block].Length) * HeadWidth;
            Assert.Equal([left, Width], shapes[$"blocks.{block}.attention.q_proj_weight"]);
            Assert.Equal([left, Width], shapes[$"blocks.{block}.attention.v_proj_weight"]);
            Assert.Equal([3 * left], shapes[$"blocks.{block}.attention.in_proj_bias"]);
            Assert.Equal([Width, left], shapes[$"blocks.{block}.attention.out_proj.weight"]);
            Assert.Equal([2 * Width, Width], shapes[$"blocks.{block}.up.weight"]);
        }
        Assert.Empty(report.Barriers);
        Assert.Equal(shapes.Values.Sum(shape => shape.Aggregate(1L, (a, b) => a * b)), report.ParametersAfter);
    }

    [Fact]
    public void Speedup_OfAFieldOfTheModulesOwnType_KeepsHeadsAndNamesTheField()
    {
        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => new NarrowModel(Width, Heads),
            HeadMasks(),
            [2, 7, Width],
            [3, 5, Width]
        );

        Assert.Equal([3L * Width, Width], shapes["attention.in_proj_weight"]);
        KeptChannels kept = Assert.Single(report.Kept, kept => kept.Cause == KeepCause.FieldType);
        Assert.Contains("'attention', declared as MultiheadAttention", kept.Reason, StringComparison.Ordinal);
        Assert.Equal(2 * HeadWidth, kept.Indices.Count);
    }

    [Fact]
    public void Speedup_WhereTheWeightsAreRead_KeepsHeads()
    {
        (SpeedupReport report, Dictionary<string, long[]> shapes) = Run(
            () => new WeightReader(Width, Heads),
            HeadMasks(),
            [2, 7, Width],
            [3, 5, Width]
        );

        Assert.Equal([3L * Width, Width], shapes["attention.in_proj_weight"]);
        Assert.Contains(report.Kept, kept => kept.Reason.Contains("weights of attention are read", StringComparison.Ordinal));
    }

    private static (string, string, int, int[])[] HeadMasks()
    {
        int[] columns = Range(2 * HeadWidth, 2 * HeadWidth);
        int[] rows = [.. columns.Select(column => (2 * Width) + column)];
        return [("attention", "in_proj_weight", 0, rows), ("attention", "out_proj.weight", 1, columns)];
    }
}
