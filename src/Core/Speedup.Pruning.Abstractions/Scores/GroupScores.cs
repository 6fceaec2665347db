namespace Speedup.Pruning.Abstractions;

/// <summary>Scores of groups, from those of the channels in them.</summary>
public static class GroupScores
{
    /// <summary>Scores each group by its members in the targets.</summary>
    /// <param name="widths">What goes together.</param>
    /// <param name="targets">The layers that count.</param>
    /// <param name="scores">Their scores.</param>
    /// <param name="reduction">How scores of one group become one.</param>
    /// <returns>
    /// By the <see cref="ChannelGroup.Id"/>; only groups that can go, have a member in a target, and none that produces or scales them in a layer
    /// that must stay (<see cref="PruningTargets.Kept"/>).
    /// </returns>
    /// <exception cref="PruningException">A target has no scores, or scores of another number.</exception>
    public static IReadOnlyDictionary<int, double> Of(
        ModelWidths widths,
        PruningTargets targets,
        ChannelScores scores,
        GroupScore reduction
    ) => throw new NotImplementedException();
}
