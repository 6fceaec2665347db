namespace Speedup.Persistence.Masks;

/// <summary>Masks by module path and parameter name.</summary>
public sealed class MaskSet : IDisposable
{
    private readonly Dictionary<(string ModulePath, string Parameter), MaskEntry> _index = [];

    /// <summary>No masks.</summary>
    public static MaskSet Empty => new([]);

    /// <summary>Creates a set; it owns the tensors from then on.</summary>
    /// <param name="entries">The masks. Two for one parameter are a fault that <see cref="MaskValidator"/> reports.</param>
    public MaskSet(IEnumerable<MaskEntry> entries)
    {
        Entries = [.. entries];
        foreach (MaskEntry entry in Entries)
            _index.TryAdd((entry.ModulePath, entry.Parameter), entry);
    }

    /// <summary>All masks.</summary>
    public IReadOnlyList<MaskEntry> Entries { get; }

    /// <summary>Looks up the mask of a parameter.</summary>
    /// <param name="modulePath">Dotted path of the module from the root; empty for the root itself.</param>
    /// <param name="parameter">Name of the parameter within the module.</param>
    /// <returns>The mask, still owned by this set; null where there is none; the first where there are several.</returns>
    public MaskEntry? Find(string modulePath, string parameter) => _index.GetValueOrDefault((modulePath, parameter));

    /// <summary>Counts what all masks prune together.</summary>
    /// <returns>The sum over <see cref="Entries"/>; parameters without a mask are not in it.</returns>
    public MaskSparsity MeasureSparsity() => Entries.Aggregate(default(MaskSparsity), (total, entry) => total.Add(entry.MeasureSparsity()));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MaskEntry entry in Entries)
            entry.Mask.Dispose();
    }
}
