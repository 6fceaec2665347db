using Speedup.Abstractions;
using Speedup.Pruning.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>What the plugins handle once they have been told apart: where two claim the same, the earlier plugin has it.</summary>
internal sealed class PluginClaims
{
    private readonly List<PluginFailure> _failures = [];

    /// <summary>Grants every claim that nobody has made before.</summary>
    /// <param name="plugins">The plugins, most preferred first.</param>
    public PluginClaims(IEnumerable<LoadedPlugin> plugins)
    {
        foreach (LoadedPlugin plugin in plugins)
        {
            Claim(Modules, plugin.Modules, plugin.Candidate);
            Claim(Functions, plugin.Functions, plugin.Candidate);
            Claim(Pruners, plugin.Pruners, plugin.Candidate, name => $"the pruner '{name}'");
            foreach ((FunctionKey key, IFunctionHandler handler) in plugin.Functions.Where(claim => !claim.Key.FindMethods().Any()))
                _failures.Add(PluginFaults.NoSuchFunction(handler.GetType(), key).ToFailure(plugin.Candidate));
        }
    }

    /// <summary>Handlers by module type.</summary>
    public ClaimTable<Type, IModuleHandler> Modules { get; } = new();

    /// <summary>Handlers by function.</summary>
    public ClaimTable<FunctionKey, IFunctionHandler> Functions { get; } = new();

    /// <summary>Pruners by name, in lower case.</summary>
    public ClaimTable<string, IPruner> Pruners { get; } = new();

    /// <summary>One failure for each claim that was not granted, or that nothing ever matches.</summary>
    public IReadOnlyList<PluginFailure> Failures => _failures;

    private void Claim<TKey, THandler>(
        ClaimTable<TKey, THandler> table,
        IEnumerable<(TKey Key, THandler Handler)> claims,
        PluginCandidate plugin,
        Func<TKey, string>? describe = null
    )
        where TKey : notnull
        where THandler : class
    {
        foreach ((TKey key, THandler handler) in claims)
        {
            if (!table.TryClaim(key, handler, plugin.Name, out string? holder))
                _failures.Add(PluginFaults.Conflict(describe?.Invoke(key) ?? key.ToString()!, plugin.Name, holder!).ToFailure(plugin));
        }
    }
}
