using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Pruning.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Pruners.Gradient.GradientPlugin))]

namespace Speedup.Pruners.Gradient;

/// <summary>Registers the pruners that look at gradients of a loss.</summary>
public sealed class GradientPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) => services.AddSingleton<IPruner, TaylorPruner>();
}
