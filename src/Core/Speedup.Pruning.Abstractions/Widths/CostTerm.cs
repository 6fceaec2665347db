namespace Speedup.Pruning.Abstractions;

/// <summary>A part of a cost that is proportional to the numbers of indices that stay on some axes.</summary>
/// <param name="ModulePath">Dotted path of the module from the root; of the calling module for a function.</param>
/// <param name="PerUnit">The cost of one index on each axis; of the whole where there are no axes.</param>
/// <param name="Axes">The axes.</param>
public sealed record CostTerm(string ModulePath, double PerUnit, IReadOnlyList<CostAxis> Axes)
{
    /// <summary>What is left of it.</summary>
    /// <param name="gone">The <see cref="ChannelGroup.Id"/> of each group that goes.</param>
    /// <returns>The cost without these groups.</returns>
    public double Without(IReadOnlySet<int> gone)
    {
        double cost = PerUnit;
        foreach (CostAxis axis in Axes)
            cost *= axis.CountKept(gone);
        return cost;
    }
}
