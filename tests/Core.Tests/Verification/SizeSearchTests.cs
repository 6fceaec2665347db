using Speedup.Core.Verification;
using Xunit;

namespace Core.Tests.Verification;

/// <summary>Which sizes are tried, by what the model takes.</summary>
public sealed class SizeSearchTests
{
    [Fact]
    public void Run_ModelThatTakesEverything_SeesOtherBatchesAndLongerAndShorterAxes()
    {
        List<long[][]> taken = Search(
            [
                [2, 6],
            ],
            _ => true
        );

        Assert.Contains(taken, shapes => shapes[0][0] > 2);
        Assert.Contains(taken, shapes => shapes[0][0] == 1);
        Assert.Contains(taken, shapes => shapes[0][1] > 12);
        Assert.Contains(taken, shapes => shapes[0][1] < 6);
        Assert.DoesNotContain(taken, shapes => shapes[0].SequenceEqual([2L, 6])); // that is the example
        Assert.Equal(taken.Count, taken.Select(Text).Distinct().Count());
    }

    [Fact]
    public void Run_ModelOfOneSize_TakesNone() =>
        Assert.Empty(
            Search(
                [
                    [2, 6],
                ],
                shapes => shapes[0].SequenceEqual([2L, 6])
            )
        );

    [Fact]
    public void Run_ModelOfFixedFeatures_SeesOtherBatchesOnly()
    {
        List<long[][]> taken = Search(
            [
                [2, 6],
            ],
            shapes => shapes[0][1] == 6
        );

        Assert.Equal([1, 3, 5], taken.Select(shapes => shapes[0][0]).Order());
        Assert.All(taken, shapes => Assert.Equal(6, shapes[0][1]));
    }

    [Fact]
    public void Run_ModelOfAFixedBatch_SeesOtherLengths()
    {
        List<long[][]> taken = Search(
            [
                [2, 6],
            ],
            shapes => shapes[0][0] == 2
        );

        Assert.NotEmpty(taken);
        Assert.All(taken, shapes => Assert.Equal(2, shapes[0][0]));
        Assert.Contains(taken, shapes => shapes[0][1] > 6);
        Assert.Contains(taken, shapes => shapes[0][1] < 6);
    }

    /// <summary>A sequence and its mask, which is as long on both of its axes.</summary>
    [Fact]
    public void Run_AxesOfOneLength_VaryTogether()
    {
        List<long[][]> taken = Search(
            [
                [2, 6, 4],
                [2, 6, 6],
            ],
            shapes => shapes[1].SequenceEqual([shapes[0][0], shapes[0][1], shapes[0][1]])
        );

        Assert.Contains(taken, shapes => shapes[0][1] > 6);
        Assert.Contains(taken, shapes => shapes[0][1] < 6);
    }

    [Fact]
    public void Run_Images_GrowInOneDirectionWhileTheyShrinkInTheOther()
    {
        List<long[][]> taken = Search(
            [
                [2, 3, 32, 32],
            ],
            shapes => shapes[0][1] == 3
        );

        Assert.Contains(taken, shapes => shapes[0][2] > 64 && shapes[0][3] <= 32);
        Assert.Contains(taken, shapes => shapes[0][3] > 64 && shapes[0][2] <= 32);
        Assert.Contains(taken, shapes => shapes[0][2] < 32 && shapes[0][3] < 32);
        Assert.Contains(taken, shapes => shapes[0][0] == 1);
    }

    [Fact]
    public void Run_SquareImagesOnly_StillSeesLargerOnes()
    {
        List<long[][]> taken = Search(
            [
                [2, 3, 32, 32],
            ],
            shapes => shapes[0][1] == 3 && shapes[0][2] == shapes[0][3]
        );

        Assert.Contains(taken, shapes => shapes[0][2] > 32);
        Assert.Contains(taken, shapes => shapes[0][2] < 32);
    }

    private static List<long[][]> Search(long[][] example, Func<long[][], bool> takes)
    {
        var taken = new List<long[][]>();
        new SizeSearch(
            example,
            (_, shapes) =>
            {
                if (!takes(shapes))
                    return false;
                taken.Add(shapes);
                return true;
            }
        ).Run();
        return taken;
    }

    private static string Text(long[][] shapes) => string.Join(';', shapes.Select(shape => string.Join(',', shape)));
}
