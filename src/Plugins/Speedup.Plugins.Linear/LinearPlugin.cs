using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Linear.LinearPlugin))]

namespace Speedup.Plugins.Linear;

/// <summary>Registers the handlers of fully connected and bilinear layers.</summary>
public sealed class LinearPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services.AddSingleton<IModuleHandler, LinearHandler>().AddSingleton<IModuleHandler, BilinearHandler>();
}
