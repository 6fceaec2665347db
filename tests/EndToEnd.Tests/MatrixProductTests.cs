using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>An error in TorchSharp's <c>matmul</c> ends the process; the engine tries sizes at which there would be one.</summary>
public sealed class MatrixProductTests
{
    [Fact]
    public void Speedup_OfAModelWhoseProductTakesOneSize_VerifiesAtThatSize()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new Mixer();
        using var masked = new Mixer();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv", 1, 4));
        Numbers.ApplyMasks(masked, masks);

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 4, 8)], masks);

        Tensor input = randn(3, 3, 4, 8);
        Assert.InRange(Numbers.RelativeError(masked.forward(input), model.forward(input)), 0, 1e-5);
        Assert.Equal(4, model.state_dict()["conv.weight"].shape[0]);
        Assert.DoesNotContain(report.Verification.Checks, check => check.Input == "second size");
    }

    [Fact]
    public void Speedup_WithAnExampleThatTheProductDoesNotTake_SaysWhichShapes()
    {
        using var scope = NewDisposeScope();
        using var model = new Mixer();

        var problem = Assert.Throws<SpeedupException>(() => ModelSpeedup.Run(model, [randn(2, 3, 4, 7)], MaskSet.Empty));

        Assert.Equal("SPD2002", problem.Code);
        Assert.Contains("[2, 6, 4, 7]", problem.Message);
        Assert.Contains("[8, 8]", problem.Message);
    }

    /// <summary>A convolution, and a product along its rows with a parameter.</summary>
    private sealed class Mixer : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv = nn.Conv2d(3, 6, 1);
        private readonly Parameter mix;
        private readonly Conv2d head = nn.Conv2d(6, 2, 1);

        public Mixer()
            : base(nameof(Mixer))
        {
            manual_seed(31);
            mix = new Parameter(randn(8, 8).DetachFromDisposeScope());
            RegisterComponents();
            using var _ = no_grad();
            foreach (Parameter parameter in parameters())
                parameter.normal_();
            conv.bias!.zero_();
            eval();
        }

        public override Tensor forward(Tensor input) => head.forward(conv.forward(input).matmul(mix));
    }
}
