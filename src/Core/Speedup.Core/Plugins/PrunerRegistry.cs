using Speedup.Abstractions;
using Speedup.Pruning.Abstractions;

namespace Speedup.Core.Plugins;

/// <summary>Finds pruners by name, whatever its case. It does not change after it is built, and can be used from several threads.</summary>
public sealed class PrunerRegistry
{
    private readonly ClaimTable<string, IPruner> _pruners = new();

    /// <summary>Creates a registry of given pruners, without plugins.</summary>
    /// <param name="pruners">The pruners; they stay the caller's.</param>
    /// <exception cref="SpeedupException">Two of them have one name, or one has none.</exception>
    public PrunerRegistry(IEnumerable<IPruner> pruners)
    {
        ArgumentNullException.ThrowIfNull(pruners);
        try
        {
            foreach ((string name, IPruner pruner) in NamedServices.Of(pruners, pruner => pruner.Name))
            {
                if (!_pruners.TryClaim(name, pruner, owner: null, out _))
                    throw new SpeedupException(
                        PluginFaults.HostClaimsTwice,
                        $"Two pruners that the host registers have the name '{name}': {_pruners.Find(name)!.GetType()} and "
                            + $"{pruner.GetType()}. Register one."
                    );
            }
        }
        catch (PluginFault fault)
        {
            throw new SpeedupException(fault.Code, $"A pruner that the host registers is wrong. {fault.Message}", fault);
        }
    }

    /// <summary>Creates a registry of the host's own pruners, which win, and those of plugins.</summary>
    internal PrunerRegistry(IEnumerable<IPruner> pruners, PluginClaims plugins)
        : this(pruners)
    {
        foreach ((string name, IPruner pruner, string? owner) in plugins.Pruners.Granted)
            _ = _pruners.TryClaim(name, pruner, owner, out _); // what the host registers stays with the host
    }

    /// <summary>All pruners, by name.</summary>
    public IReadOnlyList<IPruner> Pruners =>
        [.. _pruners.Granted.OrderBy(claim => claim.Key, StringComparer.Ordinal).Select(claim => claim.Handler)];

    /// <summary>The pruner of a name; null where nobody has it.</summary>
    public IPruner? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _pruners.Find(name.ToLowerInvariant());
    }

    /// <summary>The pruner of a name.</summary>
    /// <exception cref="PruningException">Nobody has it (SPD9001); the message lists what there is.</exception>
    public IPruner Get(string name) =>
        Find(name)
        ?? throw new PruningException(
            "SPD9001",
            $"There is no pruner '{name}'. There are {string.Join(", ", Pruners.Select(pruner => $"'{pruner.Name}'"))}. "
                + "Put the plugin that has it into the plugins folder, or correct the name."
        );

    /// <summary>The name of the plugin that a pruner comes from; null for one of the host itself.</summary>
    public string? OwnerOf(IPruner pruner) => _pruners.Granted.FirstOrDefault(claim => ReferenceEquals(claim.Handler, pruner)).Owner;
}
