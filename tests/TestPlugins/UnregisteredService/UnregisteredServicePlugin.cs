using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(UnregisteredService.UnregisteredServicePlugin))]

namespace UnregisteredService;

public sealed class UnregisteredServicePlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, UnregisteredServiceHandler>();
}
