using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(SlowStart.SlowStartPlugin))]

namespace SlowStart;

/// <summary>Waits for nothing, for a second.</summary>
public sealed class SlowStartPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services)
    {
        Thread.Sleep(1000);
        services.AddSingleton<IModuleHandler, SlowStartHandler>();
    }
}
