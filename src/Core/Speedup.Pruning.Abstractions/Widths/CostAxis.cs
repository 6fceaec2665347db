namespace Speedup.Pruning.Abstractions;

/// <summary>An axis that a cost is proportional to.</summary>
/// <param name="Groups">For each index the <see cref="ChannelGroup.Id"/> of its group; -1 where it has none, and so stays.</param>
public sealed record CostAxis(IReadOnlyList<int> Groups)
{
    /// <summary>Counts the indices that stay.</summary>
    /// <param name="gone">The groups that go.</param>
    /// <returns>A number from 0 to the length of the axis.</returns>
    public int CountKept(IReadOnlySet<int> gone)
    {
        ArgumentNullException.ThrowIfNull(gone);
        int kept = 0;
        foreach (int group in Groups)
        {
            if (group < 0 || !gone.Contains(group))
                kept++;
        }
        return kept;
    }
}
