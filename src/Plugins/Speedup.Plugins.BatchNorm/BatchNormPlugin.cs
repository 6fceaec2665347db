using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.BatchNorm.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.BatchNorm.BatchNormPlugin))]

namespace Speedup.Plugins.BatchNorm;

/// <summary>Registers the handlers of batch and instance normalisation.</summary>
public sealed class BatchNormPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, BatchNormHandler>()
            .AddSingleton<IModuleHandler, InstanceNormHandler>()
            .AddSingleton<IFunctionHandler, InstanceNormFunctionHandler>()
            .AddSingleton<IOnnxOperator, BatchNormOperator>()
            .AddSingleton<IOnnxOperator, InstanceNormOperator>();
}
