using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>The report's share of zeros that the small model still multiplies: rows pruned in part, and whole ones that had to stay.</summary>
public sealed class RemainingMaskTests
{
    private const int Kernel = 9;

    [Theory]
    [InlineData(1, 3, 4.0 / (3 * Kernel))] // row 0 goes; row 2 lacks 4 entries
    [InlineData(2, 4, (4.0 + Kernel) / (4 * Kernel))] // groups keep equal counts: row 0 stays, all zeros
    public void Report_TellsTheShareOfZerosThatStay(int groups, int rows, double expected)
    {
        using var scope = NewDisposeScope();
        using Sequential model = nn.Sequential(("first", nn.Conv2d(1, 4, 3, bias: false)), ("second", nn.Conv2d(4, 4, 1, groups: groups)));
        model.eval();
        MaskEntry mask = MaskFactory.Rows(model, "first", 0);
        mask.Mask[2].flatten()[..4].zero_();
        using MaskSet masks = MaskFactory.Set(mask);

        SpeedupReport report = ModelSpeedup.Run(model, [randn(1, 1, 6, 6)], masks);

        Assert.Equal(rows, model.state_dict()["first.weight"].shape[0]);
        Assert.Equal(expected, report.Layers.Single(layer => layer.Path == "first").RemainingMaskedShare, 12);
        Assert.Equal(0, report.Layers.Single(layer => layer.Path == "second").RemainingMaskedShare);
    }
}
