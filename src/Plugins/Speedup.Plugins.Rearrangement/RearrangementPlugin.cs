using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Rearrangement.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Rearrangement.RearrangementPlugin))]

namespace Speedup.Plugins.Rearrangement;

/// <summary>Registers the handlers of operators that move elements between channels, or between channels and positions.</summary>
public sealed class RearrangementPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, ChannelShuffleHandler>()
            .AddSingleton<IModuleHandler, RearrangementHandler>()
            .AddSingleton<IFunctionHandler, ChannelShuffleFunctionHandler>()
            .AddSingleton<IFunctionHandler, RearrangementFunctionHandler>()
            .AddSingleton<IOnnxOperator, ShuffleOperator>();
}
