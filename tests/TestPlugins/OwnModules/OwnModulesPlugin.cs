using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(OwnModules.OwnModulesPlugin))]

namespace OwnModules;

public sealed class OwnModulesPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, DoublerHandler>();
}
