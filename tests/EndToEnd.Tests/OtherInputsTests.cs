using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Inputs that the user wants verified, beside the example.</summary>
public sealed class OtherInputsTests
{
    [Fact]
    public void Speedup_VerifiesOnThem_AndGuessesNoSize()
    {
        using var scope = NewDisposeScope();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 31);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 3));

        SpeedupReport report = Run(model, masks, [randn(1, 3, 7, 13)], [randn(3, 3, 5, 5)]);

        Assert.Equal(
            ["example", "fresh random", "large numbers", "small numbers and zeros", "other (0)", "other (1)"],
            report.Verification.Checks.Select(check => check.Input)
        );
        Assert.Equal([1, 3, 7, 13], report.Verification.Checks[4].Shapes.Single());
        Assert.True(report.ParametersAfter < report.ParametersBefore);
    }

    [Fact]
    public void Speedup_WhereTheModelDoesNotTakeOne_SaysWhich()
    {
        using var scope = NewDisposeScope();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 32);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 3));
        Snapshot before = Snapshot.Of(model);

        var error = Assert.Throws<SpeedupException>(() => Run(model, masks, [randn(1, 3, 7, 13)], [randn(1, 4, 9, 9)]));

        Assert.Equal("SPD2002", error.Code);
        Assert.Contains("other (1) input", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot.Of(model));
    }

    [Fact]
    public void Speedup_WhereOneHasAnotherNumberOfTensors_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 33);

        var error = Assert.Throws<ArgumentException>(() => Run(model, MaskSet.Empty, [randn(1, 3, 7, 13), randn(1)]));

        Assert.Contains("OtherInputs[0] has 2 tensors", error.Message, StringComparison.Ordinal);
    }

    private static SpeedupReport Run(nn.Module model, MaskSet masks, params Tensor[][] others) =>
        ModelSpeedup.Run(model, [randn(2, 3, 9, 9)], masks, options => options.Defaults = new SpeedupOptions { OtherInputs = others });
}
