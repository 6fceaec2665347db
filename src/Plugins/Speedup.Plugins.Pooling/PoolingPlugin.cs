using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Pooling.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Pooling.PoolingPlugin))]

namespace Speedup.Plugins.Pooling;

/// <summary>Registers the handlers of pooling and of reductions over axes.</summary>
public sealed class PoolingPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, PoolingHandler>()
            .AddSingleton<IModuleHandler, MaxUnpoolHandler>()
            .AddSingleton<IModuleHandler, ReductionModuleHandler>()
            .AddSingleton<IFunctionHandler, PoolingFunctionHandler>()
            .AddSingleton<IFunctionHandler, IndexedPoolingHandler>()
            .AddSingleton<IFunctionHandler, MaxUnpoolFunctionHandler>()
            .AddSingleton<IFunctionHandler, ReductionHandler>()
            .AddSingleton<IOnnxOperator, AdaptivePoolingOperator>()
            .AddSingleton<IOnnxOperator, PoolingOperator>()
            .AddSingleton<IOnnxOperator, ReductionFunctions>();
}
