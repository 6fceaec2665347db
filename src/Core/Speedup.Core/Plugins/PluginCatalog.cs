using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Speedup.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>The loaded plugins; owns their services.</summary>
internal sealed class PluginCatalog : IPluginCatalog, IDisposable
{
    private readonly IReadOnlyList<LoadedPlugin> _loaded;
    private readonly ILogger _logger;

    /// <summary>Tells the plugins apart and describes them.</summary>
    /// <param name="loaded">The plugins, most preferred first; disposed with the catalog.</param>
    /// <param name="directory">The folder that was looked into.</param>
    /// <param name="failures">What could not be loaded.</param>
    /// <param name="logger">Told of services that do not let themselves be disposed.</param>
    public PluginCatalog(IReadOnlyList<LoadedPlugin> loaded, PluginDirectory directory, IEnumerable<PluginFailure> failures, ILogger logger)
    {
        _loaded = loaded;
        Directory = directory;
        _logger = logger;
        Claims = new PluginClaims(loaded);
        Plugins = [.. loaded.Select(Describe)];
        Failures = [.. failures, .. Claims.Failures];
    }

    /// <inheritdoc/>
    public IReadOnlyList<PluginInfo> Plugins { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PluginFailure> Failures { get; }

    /// <summary>The folder that was looked into.</summary>
    public PluginDirectory Directory { get; }

    /// <summary>What the plugins handle.</summary>
    public PluginClaims Claims { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LoadedPlugin plugin in _loaded)
            plugin.Provider.Release(plugin.Candidate.Name, _logger);
    }

    /// <inheritdoc/>
    public IEnumerable<(string Plugin, T Service)> FindServices<T>()
        where T : class =>
        _loaded.SelectMany(plugin => plugin.Provider.GetServices<T>(), (plugin, service) => (plugin.Candidate.Name, service));

    private PluginInfo Describe(LoadedPlugin plugin)
    {
        string name = plugin.Candidate.Name;
        (Type Key, IModuleHandler Handler, string?)[] modules = [.. Claims.Modules.Granted.Where(claim => claim.Owner == name)];
        (FunctionKey Key, IFunctionHandler Handler, string?)[] functions =
        [
            .. Claims.Functions.Granted.Where(claim => claim.Owner == name),
        ];
        return new PluginInfo(
            name,
            plugin.Candidate.Dll,
            plugin.Metadata.ContractVersion!,
            plugin.Metadata.Version,
            [.. modules.Select(claim => claim.Key)],
            [.. functions.Select(claim => claim.Key)],
            [
                .. modules
                    .GroupBy(claim => claim.Handler)
                    .Select(claims => new OperatorInfo([.. claims.Select(claim => claim.Key)], [], plugin.Descriptions[claims.Key])),
                .. functions
                    .GroupBy(claim => claim.Handler)
                    .Select(claims => new OperatorInfo([], [.. claims.Select(claim => claim.Key)], plugin.Descriptions[claims.Key])),
            ],
            [
                .. Claims
                    .Pruners.Granted.Where(claim => claim.Owner == name)
                    .Select(claim => new PrunerInfo(claim.Key, claim.Handler.Description)),
            ]
        );
    }
}
