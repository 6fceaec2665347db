using Speedup.Core.Verification;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Verification;

public sealed class OutputComparisonTests
{
    private const double Infinite = double.PositiveInfinity;

    public static TheoryData<double[], double[], bool, double> Cases =>
        new()
        {
            { [2, -4], [2, -4], false, 0 },
            { [2, -4], [3, -4], false, 0.25 }, // relative to the largest, not to its own
            { [0, 0], [0, 0.5], false, 0.5 }, // nothing to be relative to
            { [double.NaN, Infinite, 4], [double.NaN, Infinite, 4], false, 0 },
            { [Infinite, 4], [-Infinite, 4], false, Infinite },
            { [double.NaN, 4], [1, 4], false, Infinite },
            { [double.NaN, 4], [1, 5], true, 0.25 }, // only what is finite in the masked model counts
            { [1, 4], [double.NaN, 4], true, Infinite },
            { [1, 2, 3], [1, 2], false, Infinite },
            { [], [], false, 0 },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void RelativeError_IsThatOfTheLargestDifference(double[] expected, double[] actual, bool finiteOnly, double error)
    {
        using var scope = NewDisposeScope();

        Assert.Equal(error, OutputComparison.RelativeError([tensor(expected)], [tensor(actual)], finiteOnly), 12);
    }

    [Fact]
    public void RelativeError_OfSeveralOutputs_IsTheWorst()
    {
        using var scope = NewDisposeScope();
        Tensor[] expected = [tensor(new double[] { 1, 2 }), tensor(new double[] { 10 })];

        Assert.Equal(0.5, OutputComparison.RelativeError(expected, [expected[0], tensor(new double[] { 5 })]), 12);
        Assert.Equal(Infinite, OutputComparison.RelativeError(expected, [expected[0]]));
    }

    [Fact]
    public void RelativeError_OfComplexNumbersAndTruths_LooksAtBothParts()
    {
        using var scope = NewDisposeScope();
        Tensor one = complex(tensor(new double[] { 4 }), tensor(new double[] { 1 }));
        Tensor other = complex(tensor(new double[] { 4 }), tensor(new double[] { 3 }));

        Assert.Equal(0.5, OutputComparison.RelativeError([one], [other]), 12);
        Assert.Equal(1, OutputComparison.RelativeError([tensor(new[] { true })], [tensor(new[] { false })]), 12);
    }

    [Fact]
    public void CountFinite_CountsAllOutputs()
    {
        using var scope = NewDisposeScope();

        Assert.Equal((3, 5), OutputComparison.CountFinite([tensor(new[] { 1, double.NaN, 2 }), tensor(new[] { Infinite, 0 })]));
    }

    [Theory]
    [InlineData(ScalarType.Float64, ScalarType.Float64, 1e-10)]
    [InlineData(ScalarType.Float32, ScalarType.Float64, 1e-5)]
    [InlineData(ScalarType.Int64, ScalarType.Int64, 1e-5)]
    [InlineData(ScalarType.Float64, ScalarType.BFloat16, 2e-2)]
    [InlineData(ScalarType.Float16, ScalarType.Float32, 2e-2)]
    public void Tolerance_IsThatOfTheCoarsestOutput(ScalarType first, ScalarType second, double tolerance)
    {
        using var scope = NewDisposeScope();

        Assert.Equal(tolerance, Tolerances.For([zeros(1, first), zeros(1, second)]));
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-7, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-16, 1e-14)]
    public void Disturb_ChangesRealInputsInTheirLastDigits(ScalarType type, double least, double most)
    {
        using var scope = NewDisposeScope();
        Tensor input = randn([64], type);
        Tensor indices = arange(5);

        Tensor[] disturbed = RoundingNoise.Disturb([input, indices]);

        Assert.InRange((disturbed[0] - input).abs().max().ToDouble(), least, most);
        Assert.Equal(type, disturbed[0].dtype);
        Assert.Same(indices, disturbed[1]);
    }
}
