using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Acceptance.Tests.Cases;

/// <summary>
/// Case 7: padded pooling of constants. A maximum and an average over what is there keep them; an average that counts the padding
/// pulls them towards zero at the border, so that only zeros can go.
/// </summary>
public sealed class PoolingTests
{
    private static readonly int[] Dead = [0, 2, 3, 7];

    public static TheoryData<string, bool, int, ScalarType> Cases =>
        new()
        {
            { "max", true, 5, ScalarType.Float32 },
            { "max", true, 5, ScalarType.Float64 },
            { "average", true, 5, ScalarType.Float32 },
            { "average", true, 5, ScalarType.Float64 },
            { "average with padding", true, 8, ScalarType.Float32 },
            { "average with padding", true, 8, ScalarType.Float64 },
            { "max", false, 4, ScalarType.Float64 },
            { "average", false, 4, ScalarType.Float64 },
            { "average with padding", false, 4, ScalarType.Float64 },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void PaddedPooling_OfConstantChannels_IsEqual(string pooling, bool hasBias, int width, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial<Chain>(() => new Chain(pooling, hasBias), dtype, [2, 3, 8, 8]);
        trial.Masks.Add("conv1", Dead);

        trial.Run();

        Assert.Equal([width, 3, 3, 3], trial.Shape("conv1.weight"));
        Assert.Equal([6, width, 3, 3], trial.Shape("conv2.weight"));
        trial.AssertEqual([1, 3, 8, 8], [3, 3, 8, 8], [2, 3, 5, 5], [2, 3, 6, 17]);
    }

    private sealed class Chain : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1;
        private readonly nn.Module<Tensor, Tensor> pool;
        private readonly Conv2d conv2;

        public Chain(string pooling, bool hasBias)
            : base(nameof(Chain))
        {
            conv1 = nn.Conv2d(3, 8, 3, padding: 1, bias: hasBias);
            pool =
                pooling == "max"
                    ? nn.MaxPool2d(3, stride: 1, padding: 1)
                    : nn.AvgPool2d(3, stride: 1, padding: 1, count_include_pad: pooling.EndsWith("padding", StringComparison.Ordinal));
            conv2 = nn.Conv2d(8, 6, 3, padding: 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => conv2.forward(pool.forward(conv1.forward(input)));
    }
}
