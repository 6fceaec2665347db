using Ghost.Modules;
using Ghost.Operators;
using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.TestKit;
using Speedup.TestKit.Reports;
using Xunit;

namespace TestKit.Tests;

/// <summary>The guide's handler of a Ghost convolution, compiled from the sample, at other sizes than the sample's own test.</summary>
public sealed class GhostConvTests
{
    [Theory]
    [InlineData(6, 4, 5)]
    [InlineData(12, 8, 5)]
    [InlineData(18, 12, 3)]
    public void Run_GhostConvolution_Passes(int inputs, int primary, int side)
    {
        using PluginKit kit = PluginKit.For(new Plugin());

        KitReport report = kit.Module(() => new GhostConv(inputs, primary), 2, inputs, side, side)
            .OtherSizes([1, inputs, 2 * side, side], [7, inputs, side, 3 * side])
            .AtLeast(0.5)
            .Run(cases: 40, seed: 3);

        report.ThrowIfFailed();
        Assert.True(report.Shrunk > 20, report.ToString());
    }

    /// <summary>The sample's entry class would mark this assembly as a plugin.</summary>
    private sealed class Plugin : ISpeedupPlugin
    {
        public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, GhostConvHandler>();
    }
}
