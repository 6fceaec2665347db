using Speedup.Abstractions;
using Speedup.Pruning.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>Finds pruners by name. It does not change after it is built, and can be used from several threads.</summary>
public sealed class PrunerRegistry
{
    private readonly Dictionary<string, (IPruner Pruner, string? Owner)> _pruners = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates a registry of given pruners, without plugins.</summary>
    /// <param name="pruners">The pruners; they stay the caller's.</param>
    /// <exception cref="SpeedupException">Two of them have one name.</exception>
    public PrunerRegistry(IEnumerable<IPruner> pruners)
    {
        ArgumentNullException.ThrowIfNull(pruners);
        foreach (IPruner pruner in pruners)
        {
            if (!_pruners.TryAdd(pruner.Name, (pruner, null)))
                throw new SpeedupException(
                    PluginFaults.HostClaimsTwice,
                    $"Two pruners that the host registers have the name '{pruner.Name}': {_pruners[pruner.Name].Pruner.GetType()} and "
                        + $"{pruner.GetType()}. Register one."
                );
        }
    }

    /// <summary>All pruners, by name.</summary>
    public IReadOnlyList<IPruner> Pruners =>
        [.. _pruners.OrderBy(pruner => pruner.Key, StringComparer.Ordinal).Select(pruner => pruner.Value.Pruner)];

    /// <summary>The pruner of a name, whatever its case; null where nobody has it.</summary>
    public IPruner? Find(string name) => _pruners.GetValueOrDefault(name).Pruner;

    /// <summary>The pruner of a name, whatever its case.</summary>
    /// <exception cref="SpeedupException">Nobody has it (SPD9001); the message lists what there is.</exception>
    public IPruner Get(string name) =>
        Find(name)
        ?? throw new PruningException(
            "SPD9001",
            $"There is no pruner '{name}'. There are {string.Join(", ", Pruners.Select(pruner => $"'{pruner.Name}'"))}. "
                + "Put the plugin that has it into the plugins folder, or correct the name."
        );

    /// <summary>The name of the plugin that a pruner comes from; null for one of the host itself.</summary>
    public string? OwnerOf(IPruner pruner)
    {
        ArgumentNullException.ThrowIfNull(pruner);
        return _pruners.GetValueOrDefault(pruner.Name).Owner;
    }
}
