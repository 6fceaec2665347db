using Speedup.Core.Hosting;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests.State;

/// <summary>
/// A weight that a module of TorchSharp's writes by itself as it runs, and that code around it reads: no call shows that it was written. What it
/// holds before the first pass says nothing of what code finds in it.
/// </summary>
public sealed class RenormalizedWeightTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-10)]
    public void Speedup_OfCodeThatReadsAWeightWithALargestNorm_TakesItForNoConstant(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using Gated model = Make(dtype);
        using Gated masked = Make(dtype);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "first", 1, 2, 6));
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn([2, 3, 6, 6], dtype)], masks);

        Assert.Equal(8, model.state_dict()["first.weight"].shape[0]);
        foreach ((long batch, long size) in new[] { (2L, 6L), (1, 12), (3, 18), (7, 9) })
        {
            Tensor input = randn([batch, 3, size, size], dtype);
            Assert.InRange(Numbers.RelativeError(masked.forward(input), model.forward(input)), 0, tolerance);
        }
    }

    /// <summary>Each column of the table holds one number, until its rows are cut to the largest norm.</summary>
    private static Gated Make(ScalarType dtype)
    {
        Gated model = UnusualModel.Draw(new Gated());
        model.table.weight!.copy_(arange(1, 9, ScalarType.Float32).expand(5, 8));
        model.to(dtype);
        return model;
    }

    /// <summary>Scales channels by a row of an embedding.</summary>
    private sealed class Gated : nn.Module<Tensor, Tensor>
    {
        public readonly Embedding table = nn.Embedding(5, 8, max_norm: 1);
        private readonly Conv2d first = nn.Conv2d(3, 8, 1);
        private readonly Conv2d last = nn.Conv2d(8, 4, 1);

        public Gated()
            : base(nameof(Gated)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor shift = table.forward(zeros(1, ScalarType.Int64)).sum();
            Tensor gate = table.weight!.narrow(0, 0, 1).reshape(1, 8, 1, 1);
            return last.forward(first.forward(input) * gate) + shift;
        }
    }
}
