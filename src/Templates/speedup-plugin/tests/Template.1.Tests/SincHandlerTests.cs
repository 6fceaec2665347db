using Speedup.TestKit;
using Speedup.TestKit.Reports;
using Xunit;
using static TorchSharp.torch;

namespace Template._1.Tests;

public sealed class SincHandlerTests
{
    /// <summary>Random masks around the function: the small network must equal the masked one, also on another size.</summary>
    [Fact]
    public void Sinc_RandomMasks_PassesTheKit()
    {
        using PluginKit kit = PluginKit.For(new OperatorsPlugin());

        KitReport report = kit.Function("sinc", x => x.sinc(), 2, 8, 5, 5).OtherSizes([3, 8, 7, 5]).Run(cases: 200, seed: 1);

        report.ThrowIfFailed();
        Assert.True(report.Removed > 0, report.ToString());
    }
}
