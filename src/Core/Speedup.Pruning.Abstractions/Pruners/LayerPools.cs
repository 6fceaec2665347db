namespace Speedup.Pruning.Abstractions;

/// <summary>Chooses channels layer by layer, without a look at what goes together.</summary>
internal static class LayerPools
{
    /// <summary>The channels of each target that go, ascending.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Choose(
        PruningRequest request,
        ChannelScores scores,
        PruningRanking ranking,
        TieRule ties
    )
    {
        ChannelPool[] pools = [.. request.Targets.Layers.Select(layer => PoolOf(layer, scores.Demand(layer), ties))];
        int[] counts =
            ranking == PruningRanking.Global ? ChannelPool.ChooseGlobally(pools, ties) : [.. pools.Select(pool => pool.Choose(ties))];
        return
        [
            .. pools
                .Zip(counts)
                .Select(pair => (IReadOnlyList<int>)[.. pair.First.Scores.Take(pair.Second).Select(item => item.Position).Order()]),
        ];
    }

    private static ChannelPool PoolOf(PruningTarget layer, IReadOnlyList<double> scores, TieRule ties) =>
        new(layer.Channels, layer.Sparsity, layer.MinimumKept, layer.MultipleOf, layer.MaxSparsity, ChannelPool.Sort(scores, ties));
}
