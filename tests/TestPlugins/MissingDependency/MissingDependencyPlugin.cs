using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(MissingDependency.MissingDependencyPlugin))]

namespace MissingDependency;

public sealed class MissingDependencyPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, MissingDependencyHandler>();
}
