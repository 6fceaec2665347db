using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Xunit;

namespace Core.Tests.Planning;

public sealed class ElementSpaceTests
{
    private static readonly AxisKey A = new(0, 1);
    private static readonly AxisKey B = new(1, 1);
    private static readonly AxisKey C = new(2, 1);
    private static readonly AxisKey D = new(3, 0);
    private static readonly Dictionary<AxisKey, int> Lengths = new()
    {
        [A] = 3,
        [B] = 3,
        [C] = 2,
        [D] = 5,
    };

    [Fact]
    public void Space_HoldsWhatIsTiedToAnInterestingAxis_AndNothingElse()
    {
        var space = new ElementSpace([new(A, B, null), new(B, C, [(0, 1)])], Lengths, axis => axis == C);

        Assert.Equal([A, B, C], space.Axes.OrderBy(axis => axis.Tensor));
        Assert.False(space.Contains(D));
        Assert.Equal(8, space.Count);
        Assert.Equal(2, space.LengthOf(C));
    }

    [Fact]
    public void Groups_FollowTiesIndexByIndex()
    {
        var space = new ElementSpace([new(A, B, null), new(B, C, [(0, 1), (2, 1)])], Lengths, _ => true);

        Assert.Equal(space.GroupOf(A, 1), space.GroupOf(B, 1));
        Assert.Equal(space.GroupOf(A, 0), space.GroupOf(C, 1));
        Assert.Equal(space.GroupOf(A, 0), space.GroupOf(A, 2)); // both go with the same index of C
        Assert.NotEqual(space.GroupOf(A, 0), space.GroupOf(A, 1));
        Assert.NotEqual(space.GroupOf(C, 0), space.GroupOf(C, 1));
        Assert.Equal(5, Enumerable.Range(0, 5).Select(i => space.GroupOf(D, i)).Distinct().Count());
    }
}
