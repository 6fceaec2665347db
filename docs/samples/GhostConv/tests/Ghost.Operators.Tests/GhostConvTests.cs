using Ghost.Modules;
using Speedup.TestKit;
using Speedup.TestKit.Reports;
using Xunit;

namespace Ghost.Operators.Tests;

public sealed class GhostConvTests
{
    /// <summary>
    /// Brute force counts each output that could go for itself; but one whose ghost is needed stays, and the other way round. Hence the share.
    /// </summary>
    [Fact]
    public void GhostConv_RandomMasks_PassesTheKit()
    {
        using PluginKit kit = PluginKit.For(new OperatorsPlugin());

        KitReport report = kit.Module(() => new GhostConv(6, 4), 2, 6, 5, 5)
            .OtherSizes([3, 6, 7, 5], [1, 6, 10, 15])
            .AtLeast(0.5)
            .Run(cases: 200, seed: 1);

        report.ThrowIfFailed();
        Assert.True(report.Shrunk > 100, report.ToString());
    }
}
