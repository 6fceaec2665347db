using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Pruning.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Pruners.Activation.ActivationPlugin))]

namespace Speedup.Pruners.Activation;

/// <summary>Registers the pruners that look at what layers put out on real data, each for three activations.</summary>
public sealed class ActivationPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services)
    {
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            services.AddSingleton<IPruner>(new ApozPruner(kind));
            services.AddSingleton<IPruner>(new MeanActivationPruner(kind));
        }
    }
}
