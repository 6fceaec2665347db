using Speedup.Cli.Rendering;
using Xunit;

namespace Cli.Tests.Rendering;

public sealed class TablesTests
{
    [Theory]
    [InlineData(new int[0], "")]
    [InlineData(new[] { 3 }, "3")]
    [InlineData(new[] { 0, 1, 2, 5, 7, 8 }, "0-2, 5, 7-8")]
    public void Indices_OfRuns_AreShortened(int[] indices, string text) => Assert.Equal(text, Tables.Indices(indices));

    [Theory]
    [InlineData(1000, 1000, "1,000")]
    [InlineData(1000, 250, "1,000 -> 250 (25 %)")]
    [InlineData(0, 5, "0 -> 5")]
    public void Change_OfCounts_SaysWhatIsLeft(long before, long after, string text) => Assert.Equal(text, Tables.Change(before, after));
}
