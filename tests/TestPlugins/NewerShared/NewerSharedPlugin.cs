using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(NewerShared.NewerSharedPlugin))]

namespace NewerShared;

public sealed class NewerSharedPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, NewerSharedHandler>();
}
