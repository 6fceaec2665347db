using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Persistence.Masks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Handlers that keep the speedup waiting are named with function and operator, while they run.</summary>
public sealed class SlowHandlerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData(nameof(IModuleHandler.InferFromInput))]
    [InlineData(nameof(IModuleHandler.Relate))]
    [InlineData(nameof(IModuleHandler.Replace))]
    [InlineData(nameof(IModuleHandler.CountMacs))]
    public void HandlerOverTheLimit_IsNamedWhileItRuns(string function)
    {
        using var log = new WarningLog();
        var handler = new SleepingNorm(function, log);

        Speedup([handler], log, new SpeedupOptions { HandlerCallLimit = Limit });

        Assert.True(handler.WasNamedInTime, string.Join(Environment.NewLine, log.Warnings));
        string warning = log.Warnings.First(text => text.Contains("takes longer than", StringComparison.Ordinal));
        Assert.Contains($"{function} of handler {typeof(SleepingNorm).FullName} (of the host)", warning, StringComparison.Ordinal);
        Assert.Contains("'1 (BatchNorm2d)'", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void HandlerWithinTheLimit_IsNotNamed()
    {
        using var log = new WarningLog();

        Speedup([], log, new SpeedupOptions());

        Assert.DoesNotContain(log.Warnings, text => text.Contains("takes longer than", StringComparison.Ordinal));
    }

    /// <summary>No handler is that quick, so that each is named, with its plugin.</summary>
    [Fact]
    public void PluginOverTheLimit_IsNamed()
    {
        using var log = new WarningLog();

        Speedup([], log, new SpeedupOptions { HandlerCallLimit = TimeSpan.FromTicks(1) });

        Assert.Contains(log.Warnings, text => text.Contains("(plugin 'Speedup.Plugins.Convolution')", StringComparison.Ordinal));
    }

    [Fact]
    public void NoPositiveLimit_IsRefused()
    {
        using var log = new WarningLog();

        var thrown = Assert.Throws<ArgumentException>(() => Speedup([], log, new SpeedupOptions { HandlerCallLimit = TimeSpan.Zero }));

        Assert.Contains("HandlerCallLimit", thrown.Message, StringComparison.Ordinal);
    }

    private static void Speedup(IReadOnlyList<IModuleHandler> handlers, WarningLog log, SpeedupOptions options)
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Conv2d(8, 4, 3));
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "0", 0, 4));
        using ServiceProvider shared = Engine.With(handlers, []);
        using ServiceProvider services = new ServiceCollection()
            .AddLogging(builder => builder.AddProvider(log))
            .AddSingleton(shared.GetRequiredService<HandlerRegistry>())
            .AddSpeedup()
            .BuildServiceProvider();

        services.GetRequiredService<IModelSpeedup>().Speedup(model, [randn(2, 3, 9, 9)], masks, options);
    }

    /// <summary>Sleeps in one function, at most ten times the limit, until it is named.</summary>
    private sealed class SleepingNorm(string function, WarningLog log) : ModuleHandler<BatchNorm2d>
    {
        public bool WasNamedInTime { get; private set; }

        public override void InferFromInput(IOperator op) => Sleep(nameof(InferFromInput));

        public override void Relate(IRelations relations) => Sleep(nameof(Relate));

        public override SmallModule? Replace(IReplacement replacement)
        {
            Sleep(nameof(Replace));
            return null;
        }

        public override long CountMacs(IOperator op)
        {
            Sleep(nameof(CountMacs));
            return 0;
        }

        private void Sleep(string name)
        {
            for (int i = 0; i < 10 && name == function && !WasNamedInTime; i++)
            {
                Thread.Sleep(Limit);
                WasNamedInTime = log.Warnings.Any(text => text.Contains(nameof(SleepingNorm), StringComparison.Ordinal));
            }
        }
    }
}
