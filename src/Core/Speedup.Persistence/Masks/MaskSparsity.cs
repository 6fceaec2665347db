namespace Speedup.Persistence.Masks;

/// <summary>How much masks prune.</summary>
/// <param name="Elements">Entries of the masked parameters.</param>
/// <param name="Pruned">Entries that are pruned.</param>
public readonly record struct MaskSparsity(long Elements, long Pruned)
{
    /// <summary>Entries that are kept.</summary>
    public long Kept => Elements - Pruned;

    /// <summary>The pruned part, from 0 (nothing) to 1 (everything); 0 where there are no entries.</summary>
    public double Ratio => Elements == 0 ? 0 : (double)Pruned / Elements;

    /// <summary>The figures of two sets of masks together.</summary>
    /// <param name="left">Figures of one.</param>
    /// <param name="right">Figures of the other.</param>
    /// <returns>Their sum.</returns>
    public static MaskSparsity operator +(MaskSparsity left, MaskSparsity right) => left.Add(right);

    /// <summary>The figures of two sets of masks together.</summary>
    /// <param name="other">Figures of the other.</param>
    /// <returns>Their sum.</returns>
    public MaskSparsity Add(MaskSparsity other) => new(Elements + other.Elements, Pruned + other.Pruned);
}
