using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;

[assembly: SpeedupPlugin(SpeedupContract.Version, typeof(Speedup.Plugins.Random.RandomPlugin))]

namespace Speedup.Plugins.Random;

/// <summary>Registers the handlers of functions that draw random numbers.</summary>
public sealed class RandomPlugin : ISpeedupPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services) =>
        services
            .AddSingleton<IFunctionHandler, NoiseLikeHandler>()
            .AddSingleton<IFunctionHandler, NoiseOfSizesHandler>()
            .AddSingleton<IFunctionHandler, SampleHandler>();
}
