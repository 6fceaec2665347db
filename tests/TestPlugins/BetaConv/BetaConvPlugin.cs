using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(BetaConv.BetaConvPlugin))]

namespace BetaConv;

public sealed class BetaConvPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services)
    {
        services.AddSingleton<IModuleHandler, BetaConvHandler>();
        services.AddSingleton<IFunctionHandler, BetaConvFunctionHandler>();
    }
}
