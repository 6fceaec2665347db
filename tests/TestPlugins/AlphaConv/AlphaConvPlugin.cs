using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(AlphaConv.AlphaConvPlugin))]

namespace AlphaConv;

public sealed class AlphaConvPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services)
    {
        services.AddSingleton<IModuleHandler, AlphaConvHandler>();
        services.AddSingleton<IFunctionHandler, AlphaConvFunctionHandler>();
    }
}
