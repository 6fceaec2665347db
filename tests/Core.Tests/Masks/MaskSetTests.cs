using Core.Tests.Persistence;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Masks;

public sealed class MaskSetTests
{
    [Fact]
    public void Find_ByPathAndParameter_GivesTheFirstOrNull()
    {
        using var live = new LiveTensors();
        var first = new MaskEntry("a.b", "weight", ones(1));
        using var masks = new MaskSet([first, new MaskEntry("a.b", "weight", zeros(1)), new MaskEntry("a.b", "bias", zeros(1))]);

        Assert.Same(first, masks.Find("a.b", "weight"));
        Assert.Equal("bias", masks.Find("a.b", "bias")!.Parameter);
        Assert.Null(masks.Find("a", "weight"));
        Assert.Null(MaskSet.Empty.Find("a.b", "weight"));
        Assert.Equal(3, masks.Entries.Count);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Bool)]
    [InlineData(ScalarType.Int64)]
    public void MeasureSparsity_CountsZeros(ScalarType type)
    {
        using var live = new LiveTensors();
        using var masks = new MaskSet([
            new MaskEntry("a", "weight", Make([1, 0, 0, 0], type)),
            new MaskEntry("b", "weight", Make([1, 1, 1, 1, 0, 1], type)),
        ]);

        Assert.Equal(new MaskSparsity(4, 3), masks.Entries[0].MeasureSparsity());
        Assert.Equal(0.75, masks.Entries[0].MeasureSparsity().Ratio);
        Assert.Equal(new MaskSparsity(10, 4), masks.MeasureSparsity());
        Assert.Equal(6, masks.MeasureSparsity().Kept);
        Assert.Equal(0, MaskSet.Empty.MeasureSparsity().Ratio);
    }

    private static Tensor Make(float[] values, ScalarType type)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(tensor(values).to(type));
    }
}
