using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Good.GoodPlugin))]

namespace Good;

public sealed class GoodPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services)
    {
        services.AddSingleton<IModuleHandler, GoodHandler>();
        services.AddSingleton<IFunctionHandler, GoodFunctionHandler>();
    }
}
