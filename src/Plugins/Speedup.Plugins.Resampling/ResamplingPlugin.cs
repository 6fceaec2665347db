using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Resampling.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Resampling.ResamplingPlugin))]

namespace Speedup.Plugins.Resampling;

/// <summary>Registers the handlers of operators that change the resolution.</summary>
public sealed class ResamplingPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, UpsampleHandler>()
            .AddSingleton<IModuleHandler, InterpolateModuleHandler>()
            .AddSingleton<IFunctionHandler, InterpolateHandler>()
            .AddSingleton<IFunctionHandler, GridSampleHandler>()
            .AddSingleton<IOnnxOperator, ResizeOperator>();
}
