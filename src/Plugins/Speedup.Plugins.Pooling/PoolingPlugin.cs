using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

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
            .AddSingleton<IFunctionHandler, ReductionHandler>();
}
