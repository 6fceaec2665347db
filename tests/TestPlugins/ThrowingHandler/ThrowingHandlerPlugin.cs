using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(ThrowingHandler.ThrowingHandlerPlugin))]

namespace ThrowingHandler;

public sealed class ThrowingHandlerPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IModuleHandler, ThrowingHandlerHandler>();
}
