using Speedup.Core.Hosting;
using Speedup.Core.Masks;
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
