using Speedup.Abstractions;
using TorchSharp;
using Xunit;

namespace Core.Tests.Facts;

public sealed class AxisFactsTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Members_OutOfRange_AreRefusedWhetherAnythingIsKnownOrNot(int index)
    {
        var unknown = new AxisFacts(3);
        var known = new AxisFacts(3);
        known.SetConstant(0, 1);
        known.SetUnused(1);

        foreach (AxisFacts facts in new[] { unknown, known, new AxisFacts(known) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => facts.IsConstant(index));
            Assert.Throws<ArgumentOutOfRangeException>(() => facts.IsZero(index));
            Assert.Throws<ArgumentOutOfRangeException>(() => facts.ConstantAt(index));
            Assert.Throws<ArgumentOutOfRangeException>(() => facts.IsUsed(index));
            Assert.Throws<ArgumentOutOfRangeException>(() => facts.IsNeeded(index));
            Assert.Throws<ArgumentOutOfRangeException>(() => facts.SetUnused(index));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => known.SetConstant(index, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => known.SetConstant(index, double.NaN));
    }

    [Fact]
    public void SetConstant_OnAConstantIndex_KeepsTheFirstValue()
    {
        var facts = new AxisFacts(3);

        facts.SetConstant(1, 2.5);
        facts.SetConstant(1, 7);

        Assert.Equal(2.5, facts.ConstantAt(1));
        Assert.Equal(1, facts.Count);
        Assert.False(facts.IsConstant(0));
    }

    [Fact]
    public void SetConstant_OfNaN_LeavesTheIndexVarying()
    {
        var facts = new AxisFacts(2);

        facts.SetConstant(0, double.NaN);

        Assert.False(facts.IsConstant(0));
        Assert.True(facts.IsNeeded(0));
    }

    [Fact]
    public void KernelSums_OfAMaskedWeight_SumOverTheKernel()
    {
        using var scope = torch.NewDisposeScope();
        var weight = torch.arange(12, dtype: torch.ScalarType.Float32).reshape(2, 3, 2);
        var mask = torch.ones(2, 3, 2);
        mask[1, 0] = torch.zeros(2);

        var facts = new ParameterFacts("weight", weight, mask);

        Assert.Equal([1, 5, 9, 0, 17, 21], facts.KernelSums);
        Assert.True(facts.Pattern!.IsZero(1, 0));
        Assert.False(facts.Pattern.IsColumnZero(0));
    }

    [Fact]
    public void Masked_ByAMaskOfAWiderType_KeepsTheTypeAndLeaksNothing()
    {
        using var weight = torch.ones(2, 3, dtype: torch.ScalarType.Float16);
        using var mask = torch.ones(2, 3, dtype: torch.ScalarType.Float32);
        var facts = new ParameterFacts("weight", weight, mask);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (torch.Tensor masked = facts.Masked())
            Assert.Equal(torch.ScalarType.Float16, masked.dtype);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
