using CsCheck;
using Speedup.Core.Planning;
using Xunit;

namespace Core.Tests.Planning;

public sealed class UnionFindTests
{
    [Fact]
    public void Add_ReturnsTheFirstOfTheNewElements()
    {
        var sets = new UnionFind();

        Assert.Equal(0, sets.Add(3));
        Assert.Equal(3, sets.Add(2));
        Assert.Equal(5, sets.Count);
        Assert.Equal([0, 1, 2, 3, 4], Enumerable.Range(0, 5).Select(sets.Find));
    }

    /// <summary>Against sets that are merged by hand: same members, and the lowest member stands for each, in whatever order they were merged.</summary>
    [Fact]
    public void Union_OfAnyPairs_IsRepresentedByTheLowestMember() =>
        Gen.Int[0, 11]
            .Select(Gen.Int[0, 11])
            .Array[0, 30]
            .Sample(pairs =>
            {
                var sets = new UnionFind();
                sets.Add(12);
                int[] expected = [.. Enumerable.Range(0, 12)];
                foreach ((int first, int second) in pairs)
                {
                    sets.Union(first, second);
                    (int low, int high) = (Math.Min(expected[first], expected[second]), Math.Max(expected[first], expected[second]));
                    expected = [.. expected.Select(root => root == high ? low : root)];
                }

                Assert.Equal(expected, Enumerable.Range(0, 12).Select(sets.Find));
            });
}
