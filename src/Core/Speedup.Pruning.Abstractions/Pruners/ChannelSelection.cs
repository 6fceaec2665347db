using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>Turns scores into masks: how many channels go, and which.</summary>
public static class ChannelSelection
{
    /// <summary>Chooses what goes by the scores of all channels, and masks it.</summary>
    /// <param name="request">The request; its ranking apart, all of it counts.</param>
    /// <param name="scores">A score for each channel of each target.</param>
    /// <param name="ranking">Whether channels compete within their layer or width, or all of them.</param>
    /// <param name="ties">Which of equal channels go.</param>
    /// <returns>The masks; they belong to the caller. Where layers are pruned by themselves, each target has one, also if nothing goes.</returns>
    /// <exception cref="PruningException">A target has no scores, or scores of another number; coupled layers without widths.</exception>
    public static MaskSet Select(PruningRequest request, ChannelScores scores, PruningRanking ranking, TieRule ties)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(scores);
        if (request.GroupScore == GroupScore.None)
            return MaskLayers(request, LayerPools.Choose(request, scores, ranking, ties));
        HashSet<string> targets = request.Targets.Layers.Select(layer => layer.ModulePath).ToHashSet(StringComparer.Ordinal);
        return GroupMasks.Make(
            request.Model,
            request.Widths!,
            SelectGroups(request, scores, ranking, ties),
            request.MaskedMembers,
            targets
        );
    }

    /// <summary>The groups that go, by coupled scores. What masks them is <see cref="GroupMasks.Make"/>'s task.</summary>
    /// <param name="request">The request; it has widths and a group score.</param>
    /// <param name="scores">A score for each channel of each target.</param>
    /// <param name="ranking">Whether groups compete within their width, or all of them.</param>
    /// <param name="ties">Which of equal groups go.</param>
    /// <returns>Their ids.</returns>
    /// <exception cref="PruningException">As above.</exception>
    public static IReadOnlySet<int> SelectGroups(PruningRequest request, ChannelScores scores, PruningRanking ranking, TieRule ties)
    {
        ArgumentNullException.ThrowIfNull(request);
        return WidthPools.Choose(request, GroupScores.Of(request, scores), ranking, ties);
    }

    /// <summary>The positions of the lowest scores.</summary>
    /// <param name="scores">Scores; higher is more important.</param>
    /// <param name="count">How many are to go.</param>
    /// <param name="ties">Which of equal ones go.</param>
    /// <returns>Positions, ascending; with <see cref="TieRule.Threshold"/> more than <paramref name="count"/> where scores are equal.</returns>
    public static IReadOnlyList<int> Lowest(IReadOnlyList<double> scores, int count, TieRule ties)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, scores.Count);
        (double Score, int Position)[] order = ChannelPool.Sort(scores, ties);
        while (ties == TieRule.Threshold && count > 0 && count < order.Length && order[count].Score == order[count - 1].Score)
            count++;
        return [.. order.Take(count).Select(item => item.Position).Order()];
    }

    private static MaskSet MaskLayers(PruningRequest request, IReadOnlyList<IReadOnlyList<int>> gone)
    {
        var layers = new ModelLayers(request.Model);
        var entries = new List<MaskEntry>();
        foreach ((PruningTarget target, IReadOnlyList<int> channels) in request.Targets.Layers.Zip(gone))
        {
            nn.Module layer = layers[target.ModulePath];
            entries.AddRange(
                LayerChannels.MasksOf(layer, channels).Select(mask => new MaskEntry(target.ModulePath, mask.Parameter, mask.Mask))
            );
        }
        return new MaskSet(entries);
    }
}
