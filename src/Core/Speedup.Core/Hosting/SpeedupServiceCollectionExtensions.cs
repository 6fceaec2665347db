using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Speedup.Abstractions;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Pruning.Abstractions;

namespace Speedup.Core.Hosting;

/// <summary>Puts the framework into a host's container.</summary>
public static class SpeedupServiceCollectionExtensions
{
    /// <summary>
    /// Adds the framework. Plugins are loaded once, when <see cref="IPluginCatalog"/>, <see cref="HandlerRegistry"/> or the engine
    /// is first asked for; to have a host fail at start-up, ask for the catalog there. Handlers that the host registers as
    /// <see cref="IModuleHandler"/> or <see cref="IFunctionHandler"/> take part, and win over those of plugins; so do pruners
    /// (<see cref="IPruner"/>), which <see cref="PrunerRegistry"/> finds by name. Where there is no handler at
    /// all, a speedup throws (SPD5030) unless <see cref="PluginOptions.AllowNone"/> is set. Plugins stay in the process as long as it lives,
    /// also when the container is disposed.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options; may be left out. Can be called several times, each adds to the others.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddSpeedup(this IServiceCollection services, Action<SpeedupHostOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddLogging();
        services.AddOptions<SpeedupHostOptions>().Configure(options => configure?.Invoke(options));
        services.TryAddSingleton(LoadPlugins);
        services.TryAddSingleton<IPluginCatalog>(provider => provider.GetRequiredService<PluginCatalog>());
        services.TryAddSingleton(CreateRegistry);
        services.TryAddSingleton(provider => new PrunerRegistry(
            provider.GetServices<IPruner>(),
            provider.GetRequiredService<PluginCatalog>().Claims
        ));
        services.TryAddSingleton<IModelSpeedup>(CreateEngine);
        return services;
    }

    private static EquippedSpeedup CreateEngine(IServiceProvider provider)
    {
        HandlerRegistry handlers = provider.GetRequiredService<HandlerRegistry>();
        SpeedupHostOptions options = provider.GetRequiredService<IOptions<SpeedupHostOptions>>().Value;
        var engine = new SpeedupEngine(handlers, options.Defaults, provider.GetRequiredService<ILogger<SpeedupEngine>>());
        return new EquippedSpeedup(engine, handlers, options.Plugins.AllowNone);
    }

    private static PluginCatalog LoadPlugins(IServiceProvider provider)
    {
        PluginOptions options = provider.GetRequiredService<IOptions<SpeedupHostOptions>>().Value.Plugins;
        string? environment = Environment.GetEnvironmentVariable(PluginDirectory.Variable);
        var directory = PluginDirectory.Resolve(options.Directory, environment, AppContext.BaseDirectory);
        return new PluginCatalogLoader(options, directory, provider.GetRequiredService<ILoggerFactory>()).Load();
    }

    private static HandlerRegistry CreateRegistry(IServiceProvider provider) =>
        new(provider.GetServices<IModuleHandler>(), provider.GetServices<IFunctionHandler>(), provider.GetRequiredService<PluginCatalog>());
}
