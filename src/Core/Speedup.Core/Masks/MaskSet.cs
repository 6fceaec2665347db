namespace Speedup.Core.Masks;

/// <summary>Masks by module path and parameter name.</summary>
public sealed class MaskSet : IDisposable
{
    /// <summary>No masks.</summary>
    public static MaskSet Empty => new([]);

    /// <summary>Creates a set; it owns the tensors from then on.</summary>
    public MaskSet(IEnumerable<MaskEntry> entries) => Entries = [.. entries];

    /// <summary>All masks.</summary>
    public IReadOnlyList<MaskEntry> Entries { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MaskEntry entry in Entries)
            entry.Mask.Dispose();
    }
}
