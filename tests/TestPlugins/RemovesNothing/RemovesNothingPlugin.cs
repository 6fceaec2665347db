using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(RemovesNothing.RemovesNothingPlugin))]

namespace RemovesNothing;

public sealed class RemovesNothingPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, RemovesNothingHandler>();
}
