namespace Speedup.Pruning.Abstractions;

/// <summary>
/// Chooses groups width by width. Where a width has blocks, one group of each goes at a time: the lowest of each block, then the next.
/// </summary>
internal static class WidthPools
{
    /// <summary>The ids of the groups that go.</summary>
    public static IReadOnlySet<int> Choose(
        PruningRequest request,
        IReadOnlyDictionary<int, double> scores,
        PruningRanking ranking,
        TieRule ties
    )
    {
        Dictionary<string, PruningTarget> targets = request.Targets.Layers.ToDictionary(layer => layer.ModulePath, StringComparer.Ordinal);
        (ChannelPool Pool, int[][] Units)[] pools =
        [
            .. request
                .Widths!.Widths.Where(width => width.Groups.Any(group => scores.ContainsKey(group.Id)))
                .Select(width => PoolOf(width, targets, scores, ties)),
        ];
        int[] counts =
            ranking == PruningRanking.Global
                ? ChannelPool.ChooseGlobally([.. pools.Select(pool => pool.Pool)], ties)
                : [.. pools.Select(pool => pool.Pool.Choose(ties))];
        return pools
            .Zip(counts)
            .SelectMany(pair => pair.First.Pool.Scores.Take(pair.Second).SelectMany(unit => pair.First.Units[unit.Position]))
            .ToHashSet();
    }

    /// <summary>A pool of units: groups that go at a time, one of each block.</summary>
    private static (ChannelPool Pool, int[][] Units) PoolOf(
        ModelWidth width,
        Dictionary<string, PruningTarget> targets,
        IReadOnlyDictionary<int, double> scores,
        TieRule ties
    )
    {
        PruningTarget[] own = [.. width.Layers.Concat(width.Scales).Where(targets.ContainsKey).Select(path => targets[path])];
        int[][] blocks =
        [
            .. width
                .Groups.GroupBy(group => group.Block)
                .Select(block => block.Select(group => group.Id).Where(scores.ContainsKey).OrderBy(id => scores[id]).ToArray()),
        ];
        int[][] units = [.. Enumerable.Range(0, blocks.Min(block => block.Length)).Select(i => blocks.Select(block => block[i]).ToArray())];
        var pool = new ChannelPool(
            width.Length / width.Blocks,
            own.Min(target => target.Sparsity),
            CeilingOf(own.Max(target => target.MinimumKept), width.Blocks),
            own.Aggregate(1, (all, target) => LeastMultiple(all, target.MultipleOf)) is var multiple
                ? multiple / (int)GreatestDivisor(multiple, width.Blocks)
                : 1,
            own.Min(target => target.MaxSparsity),
            ChannelPool.Sort([.. units.Select(unit => unit.Average(id => scores[id]))], ties)
        );
        return (pool, units);
    }

    private static int CeilingOf(int count, int blocks) => (count + blocks - 1) / blocks;

    private static int LeastMultiple(int first, int second) => first / (int)GreatestDivisor(first, second) * second;

    private static long GreatestDivisor(long first, long second) => second == 0 ? first : GreatestDivisor(second, first % second);
}
