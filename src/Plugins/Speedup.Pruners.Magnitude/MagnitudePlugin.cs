using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Pruning.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Pruners.Magnitude.MagnitudePlugin))]

namespace Speedup.Pruners.Magnitude;

/// <summary>Registers the pruners that look at weights alone.</summary>
public sealed class MagnitudePlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IPruner, L1Pruner>()
            .AddSingleton<IPruner, L2Pruner>()
            .AddSingleton<IPruner, FpgmPruner>()
            .AddSingleton<IPruner, SlimPruner>()
            .AddSingleton<IPruner, RandomPruner>()
            .AddSingleton<IPruner, LevelPruner>();
}
