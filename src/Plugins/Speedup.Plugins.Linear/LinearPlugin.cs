using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using Speedup.Plugins.Linear.Onnx;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Linear.LinearPlugin))]

namespace Speedup.Plugins.Linear;

/// <summary>Registers the handlers of fully connected and bilinear layers.</summary>
public sealed class LinearPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IModuleHandler, LinearHandler>()
            .AddSingleton<IModuleHandler, BilinearHandler>()
            .AddSingleton<IOnnxOperator, BilinearOperator>()
            .AddSingleton<IOnnxOperator, LinearOperator>();
}
