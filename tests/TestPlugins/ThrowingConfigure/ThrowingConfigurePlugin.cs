using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(ThrowingConfigure.ThrowingConfigurePlugin))]

namespace ThrowingConfigure;

public sealed class ThrowingConfigurePlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services)
    {
        services.AddSingleton<IModuleHandler, ThrowingConfigureHandler>();
        throw new InvalidOperationException("configure says no");
    }
}
