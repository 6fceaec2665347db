using Speedup.Abstractions;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Facts;

/// <summary>Masks are read by two ways, in memory and by tensor operations; both must see the same.</summary>
public sealed class ParameterFactsTests
{
    public static TheoryData<int, ScalarType, bool> Masks
    {
        get
        {
            var masks = new TheoryData<int, ScalarType, bool>();
            for (int seed = 0; seed < 12; seed++)
                foreach (ScalarType dtype in new[] { ScalarType.Float32, ScalarType.Float64, ScalarType.Bool, ScalarType.Int64 })
                foreach (bool contiguous in new[] { true, false })
                    masks.Add(seed, dtype, contiguous);
            return masks;
        }
    }

    [Theory]
    [MemberData(nameof(Masks))]
    public void Pattern_IsThatOfTheMask(int seed, ScalarType dtype, bool contiguous)
    {
        using var scope = NewDisposeScope();
        Tensor mask = Draw(seed, dtype, contiguous);
        var facts = new ParameterFacts("weight", randn(mask.shape), mask);

        MaskPattern pattern = facts.Pattern!;

        Tensor entries = mask.to(ScalarType.Float64);
        for (int row = 0; row < mask.shape[0]; row++)
        {
            Assert.Equal(entries[row].count_nonzero().ToInt64() == 0, pattern.IsRowZero(row));
            for (int column = 0; column < mask.shape[1]; column++)
                Assert.Equal(entries[row, column].count_nonzero().ToInt64() == 0, pattern.IsZero(row, column));
        }
        for (int column = 0; column < mask.shape[1]; column++)
            Assert.Equal(entries.select(1, column).count_nonzero().ToInt64() == 0, pattern.IsColumnZero(column));
    }

    [Theory]
    [MemberData(nameof(Masks))]
    public void MaskedRows_AreRowsOfTheMaskedValue(int seed, ScalarType dtype, bool contiguous)
    {
        using var scope = NewDisposeScope();
        Tensor mask = Draw(seed, dtype, contiguous);
        var facts = new ParameterFacts("weight", randn(mask.shape), mask);

        Tensor rows = facts.MaskedRows([0, 3, 4]);

        Assert.True(rows.Equals(facts.Masked().index_select(0, tensor(new long[] { 0, 3, 4 }))));
    }

    [Fact]
    public void Pattern_OfNegativeZeros_IsThatOfZeros()
    {
        using var scope = NewDisposeScope();
        Tensor mask = tensor(new[] { 1f, -0f, -0f, -0f }).reshape(2, 2);

        MaskPattern pattern = new ParameterFacts("weight", randn(2, 2), mask).Pattern!;

        Assert.True(pattern.IsRowZero(1));
        Assert.True(pattern.IsZero(0, 1));
        Assert.False(pattern.IsZero(0, 0));
    }

    /// <summary>Whole rows pruned and all others kept; a column pruned, too; single entries pruned.</summary>
    private static Tensor Draw(int seed, ScalarType dtype, bool contiguous)
    {
        manual_seed(seed);
        Tensor mask = ones(6, 5, 3, 2);
        mask[seed % 6].zero_();
        if (seed % 3 != 1)
            mask.select(1, seed % 5).zero_();
        if (seed % 3 == 0)
            mask = mask * rand(6, 5, 3, 2).gt(0.7).to(ScalarType.Float32);
        mask = mask.to(dtype);
        return contiguous ? mask : mask.transpose(2, 3);
    }
}
