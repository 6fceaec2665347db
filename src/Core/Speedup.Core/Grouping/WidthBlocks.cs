using Speedup.Core.Planning;
using Speedup.Core.Propagation;

namespace Speedup.Core.Grouping;

/// <summary>
/// Widths, and the blocks of equal counts in them. Groups on the same axes are one width, and so are those that lie on one axis of which
/// each block loses as many indices as the others. Where several such axes cut a width in different places, it is cut into parts of the
/// largest length that fits between all of them: equal counts of these are equal counts of all.
/// </summary>
internal static class WidthBlocks
{
    /// <summary>The groups of each width, cut into blocks of equal length.</summary>
    public static IEnumerable<TiedIndices[][]> Find(IReadOnlyList<TiedIndices> groups, IEnumerable<BalancedAxis> balances)
    {
        BalancedAxis[] constraints =
        [
            .. balances.Where(balance => balance.Blocks > 1).DistinctBy(balance => (balance.Axis, balance.Blocks)),
        ];
        Dictionary<AxisKey, int> lengths = LengthsOf(groups, constraints.Select(balance => balance.Axis).ToHashSet());
        string[][] cells = [.. groups.Select(group => CellOf(group, constraints, lengths))];
        int[] widths = Unite(groups, constraints);
        foreach (int[] width in Enumerable.Range(0, groups.Count).GroupBy(i => widths[i]).Select(width => width.ToArray()))
        {
            int[][] parts = [.. width.GroupBy(i => string.Join(';', cells[i])).Select(part => part.ToArray())];
            int length = parts.Select(part => part.Length).Aggregate(GreatestDivisor);
            if (parts.Length == 1)
                length = width.Length;
            yield return [.. parts.SelectMany(part => part.Chunk(length)).Select(block => block.Select(i => groups[i]).ToArray())];
        }
    }

    /// <summary>The width of each group, by the number of one of its groups.</summary>
    private static int[] Unite(IReadOnlyList<TiedIndices> groups, BalancedAxis[] constraints)
    {
        var union = new UnionFind();
        union.Add(groups.Count);
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        var ofAxis = new Dictionary<AxisKey, int>();
        HashSet<AxisKey> balanced = constraints.Select(balance => balance.Axis).ToHashSet();
        for (int i = 0; i < groups.Count; i++)
        {
            if (!first.TryAdd(groups[i].Signature, i))
                union.Union(first[groups[i].Signature], i);
            foreach (AxisKey axis in groups[i].Places.Select(place => place.Axis).Where(balanced.Contains))
            {
                if (!ofAxis.TryAdd(axis, i))
                    union.Union(ofAxis[axis], i);
            }
        }
        return [.. Enumerable.Range(0, groups.Count).Select(union.Find)];
    }

    private static Dictionary<AxisKey, int> LengthsOf(IReadOnlyList<TiedIndices> groups, HashSet<AxisKey> axes) =>
        groups
            .SelectMany(group => group.Places)
            .Where(place => axes.Contains(place.Axis))
            .GroupBy(place => place.Axis)
            .ToDictionary(places => places.Key, places => places.Max(place => place.Index) + 1);

    /// <summary>The blocks that a group lies in, constraint by constraint.</summary>
    private static string[] CellOf(TiedIndices group, BalancedAxis[] constraints, Dictionary<AxisKey, int> lengths) =>
        [
            .. constraints.Select(balance =>
                string.Join(
                    ',',
                    group
                        .Places.Where(place => place.Axis == balance.Axis)
                        .Select(place => (long)place.Index * balance.Blocks / lengths[balance.Axis])
                        .Distinct()
                )
            ),
        ];

    private static int GreatestDivisor(int first, int second) => second == 0 ? first : GreatestDivisor(second, first % second);
}
