using Speedup.Core.CodeWriting.Plans;
using Xunit;

namespace Core.Tests.CodeWriting;

/// <summary>Which rules explain numbers by lengths, and which fit by chance.</summary>
public sealed class SizeScaleTests
{
    [Theory]
    [InlineData(new long[] { 8, 24, 4 }, new long[] { 4, 12, 2 }, 2, 1)]
    [InlineData(new long[] { 4, 12, 2 }, new long[] { 8, 24, 4 }, 1, 2)]
    [InlineData(new long[] { 6, 18, 3 }, new long[] { 8, 24, 4 }, 3, 4)]
    [InlineData(new long[] { 8, 24 }, new long[] { 4, 12 }, 2, 1)]
    public void OfRatio_OfOneRatio_IsFound(long[] numbers, long[] lengths, long multiplier, long divisor) =>
        Assert.Equal(new SizeScale(multiplier, divisor), SizeScale.OfRatio(numbers, lengths));

    [Theory]
    [InlineData(new long[] { 8, 25, 4 }, new long[] { 4, 12, 2 })]
    [InlineData(new long[] { 6, 18 }, new long[] { 8, 24 })] // three quarters of two numbers is chance
    [InlineData(new long[] { 0, 0, 1 }, new long[] { 8, 24, 4 })]
    [InlineData(new long[] { 3, 5, 1 }, new long[] { 7, 11, 3 })]
    public void OfRatio_OfNone_IsNull(long[] numbers, long[] lengths) => Assert.Null(SizeScale.OfRatio(numbers, lengths));

    [Fact]
    public void OfOffset_WithThreeNumbers_IsFound()
    {
        Assert.Equal(new SizeScale(Offset: -1), SizeScale.OfOffset([3, 11, 6], [4, 12, 7]));
        Assert.Null(SizeScale.OfOffset([3, 11], [4, 12]));
        Assert.Null(SizeScale.OfOffset([3, 11, 7], [4, 12, 7]));
    }

    [Fact]
    public void OfWholeDivision_WithRemainders_IsFound()
    {
        Assert.Equal(new SizeScale(Divisor: 2), SizeScale.OfWholeDivision([3, 11, 6], [7, 22, 13]));
        Assert.Null(SizeScale.OfWholeDivision([3, 12, 6], [7, 22, 13]));
    }

    [Fact]
    public void Evaluate_OfAnExpression_IsWhatItWrites()
    {
        var expression = new SizeExpression([new SizeTerm(0, 1), new SizeTerm(1, 0)], Multiplier: 3, Divisor: 2, Offset: -1);
        long[][] shapes =
        [
            [2, 5],
            [7],
        ];

        Assert.Equal((5 * 7 * 3 / 2) - 1, expression.Evaluate(value => shapes[value]));
        Assert.Equal("v0.1 * v1.0 * 3 // 2 - 1", expression.Write(term => $"v{term.Value}.{term.Axis}", "//"));
    }
}
