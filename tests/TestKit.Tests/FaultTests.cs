using Speedup.TestKit;
using Speedup.TestKit.Reports;
using TestKit.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace TestKit.Tests;

/// <summary>Plugins that are wrong fail, and for the right reason.</summary>
public sealed class FaultTests
{
    [Fact]
    public void Run_WrongConstant_IsUnsoundAndTheSeedRepeatsIt()
    {
        using PluginKit kit = TestPlugin.Load("WrongFacts");
        KitSubject subject = kit.Module(() => nn.Sigmoid(), 2, 6, 3, 3).OtherSizes([3, 6, 2, 4]);

        KitReport report = subject.Run(cases: 20, seed: 1);

        Assert.All(report.Faults, fault => Assert.Equal(KitFaultKind.Soundness, fault.Kind));
        Assert.Contains(report.Faults, fault => fault.Message.Contains("claims that output 0 is 0 at index", StringComparison.Ordinal));
        KitException thrown = Assert.Throws<KitException>(report.ThrowIfFailed);
        Assert.Contains("Repeat it with Run(cases: 1, seed:", thrown.Message, StringComparison.Ordinal);
        KitFault first = report.Faults[0];
        Assert.Equal(first, subject.Run(cases: 1, seed: first.Seed!.Value).Faults[0]);
    }

    [Fact]
    public void Run_NothingRemoved_IsIncomplete()
    {
        using PluginKit kit = TestPlugin.Load("RemovesNothing");

        KitReport report = kit.Module(() => nn.Sigmoid(), 2, 6, 3, 3).Run(cases: 20, seed: 1);

        KitFault fault = Assert.Single(report.Faults);
        Assert.Equal(KitFaultKind.Completeness, fault.Kind);
        Assert.Matches("First in seed \\d+, where indices [\\d ]+ of axis 1 of output 0", fault.Message);
        Assert.Contains("of axis 1 of input 0 could go", fault.Message, StringComparison.Ordinal);
        Assert.True(report.Removable > 20, report.ToString());
        Assert.Equal(0, report.Removed);
    }

    [Fact]
    public void Run_WithoutAnyHandler_IsIncomplete()
    {
        using PluginKit kit = TestPlugin.Load("RemovesNothing");

        KitReport report = kit.Module(() => nn.Tanh(), 2, 6, 3, 3).Run(cases: 10, seed: 1);

        Assert.Equal(KitFaultKind.Completeness, Assert.Single(report.Faults).Kind);
    }

    [Theory]
    [InlineData(Misdeed.ChangesOriginal, KitFaultKind.StatePreservation)]
    [InlineData(Misdeed.LeavesTensors, KitFaultKind.Disposal)]
    [InlineData(Misdeed.ReturnsOriginal, KitFaultKind.ShapeContract)]
    [InlineData(Misdeed.ChangesType, KitFaultKind.ShapeContract)]
    [InlineData(Misdeed.DrawsNumbers, KitFaultKind.Determinism)]
    public void Run_ReplaceMisbehaves_IsNamed(Misdeed misdeed, KitFaultKind expected)
    {
        using PluginKit kit = PluginKit.For(new MisbehavingPlugin(misdeed));

        KitReport report = kit.Module(() => nn.PReLU(6), 2, 6, 3, 3).Run(cases: 10, seed: 1);

        Assert.Contains(report.Faults, fault => fault.Kind == expected);
    }

    [Fact]
    public void Run_NoMisdeed_Passes()
    {
        using PluginKit kit = PluginKit.For(new MisbehavingPlugin(Misdeed.None));

        KitReport report = kit.Module(() => nn.PReLU(6), 2, 6, 3, 3).OtherSizes([4, 6, 2, 2]).Run(cases: 40, seed: 1);

        report.ThrowIfFailed();
        Assert.True(report.Removed > 40, report.ToString());
    }

    [Fact]
    public void ForFolder_PluginThatDoesNotLoad_IsRefused()
    {
        KitException thrown = Assert.Throws<KitException>(() => TestPlugin.Load("NoEntry"));

        Assert.Contains("SPD5011", thrown.Message, StringComparison.Ordinal);
    }
}
