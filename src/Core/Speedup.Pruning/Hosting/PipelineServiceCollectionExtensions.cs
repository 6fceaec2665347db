using Microsoft.Extensions.DependencyInjection;
using Speedup.Pruning.Pipeline;

namespace Speedup.Pruning.Hosting;

/// <summary>Puts a pipeline into a host's container.</summary>
public static class PipelineServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="SpeedupPipeline"/>, made when it is first asked for; needs <c>AddSpeedup()</c>. A host with several makes each by
    /// <see cref="PipelineBuilder.Build"/>, or gives each a key.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Adds stages.</param>
    /// <param name="key">Key of the service; null for none.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddSpeedupPipeline(
        this IServiceCollection services,
        Action<PipelineBuilder> configure,
        string? key = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddKeyedSingleton(
            key,
            (provider, _) =>
            {
                var builder = new PipelineBuilder();
                configure(builder);
                return builder.Build(provider);
            }
        );
    }
}
