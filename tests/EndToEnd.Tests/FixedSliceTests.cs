using Speedup.Core.Hosting;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>A slice whose length stands in the source keeps all that it yields, and nothing beside it.</summary>
public sealed class FixedSliceTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-10)]
    public void Speedup_OfASliceOfFixedLength_KeepsTheSliceOnly(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new FirstSix(21);
        using var masked = new FirstSix(21);
        model.to(dtype);
        masked.to(dtype);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "stem", [0, 3, 7, 9]));
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn([2, 3, 4, 4], dtype: dtype)], masks);

        Tensor input = randn([3, 3, 5, 4], dtype: dtype);
        Assert.InRange(Numbers.RelativeError(masked.forward(input), model.forward(input)), 0, tolerance);
        Assert.Equal([6, 3, 1, 1], model.stem.weight.shape);
        Assert.Equal([4, 6, 1, 1], model.head.weight.shape);
    }

    [Theory]
    [InlineData(6, 9, 8)] // as many of both halves: the boundary follows
    [InlineData(7, 8, 12)] // what is left of the first half is not what it meets in the second
    [InlineData(1, 2, 12)]
    public void Speedup_OfHalvesByIndex_HoldsWhereverTheBoundaryIs(int third, int fourth, int left)
    {
        using var scope = NewDisposeScope();
        using Twin<Halves> twin = Twin<Halves>.Speed(() => new Halves(), randn(2, 3, 4, 4), ("stem", [0, 3, third, fourth]));

        twin.AssertEqual(randn(3, 3, 5, 4));
        Assert.Equal(left, twin.RowsOf("stem"));
    }

    /// <summary>Gates the first half of its channels by the second.</summary>
    private sealed class Halves : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d stem = nn.Conv2d(3, 12, 1);
        private readonly Conv2d head = nn.Conv2d(6, 4, 1);

        public Halves()
            : base(nameof(Halves)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor y = stem.forward(input);
            int half = (int)(y.shape[1] / 2);
            return head.forward(y[.., ..half] * y[.., half..].sigmoid());
        }
    }

    /// <summary>Reads the first six of twelve channels.</summary>
    private sealed class FirstSix : nn.Module<Tensor, Tensor>
    {
        public readonly Conv2d stem = nn.Conv2d(3, 12, 1);
        public readonly Conv2d head = nn.Conv2d(6, 4, 1);

        public FirstSix(int seed)
            : base(nameof(FirstSix))
        {
            RegisterComponents();
            manual_seed(seed);
            using var _ = no_grad();
            foreach (Parameter parameter in parameters())
                parameter.normal_(0, 0.5);
            eval();
        }

        public override Tensor forward(Tensor input) => head.forward(stem.forward(input).narrow(1, 0, 6));
    }
}
