using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(MisspeltFunction.MisspeltFunctionPlugin))]

namespace MisspeltFunction;

public sealed class MisspeltFunctionPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IFunctionHandler, MisspeltFunctionHandler>();
}
