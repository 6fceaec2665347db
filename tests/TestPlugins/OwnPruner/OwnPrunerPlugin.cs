using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Pruning.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(OwnPruner.OwnPrunerPlugin))]

namespace OwnPruner;

public sealed class OwnPrunerPlugin : ISpeedupPlugin
{
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IPruner, LastChannels>();
}
