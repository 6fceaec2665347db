using Speedup.Persistence.Masks;

namespace Speedup.Pruning.Abstractions;

/// <summary>Turns scores into masks: how many channels go, and which.</summary>
public static class ChannelSelection
{
    /// <summary>Chooses what goes by the scores of all channels, and masks it.</summary>
    /// <param name="request">The request; ranking apart, all of it counts.</param>
    /// <param name="scores">A score for each channel of each target.</param>
    /// <param name="ranking">Whether channels compete within their layer or width, or all of them.</param>
    /// <param name="ties">Which of equal channels go.</param>
    /// <returns>The masks; they belong to the caller.</returns>
    /// <exception cref="PruningException">A target has no scores, or scores of another number; coupled layers without widths.</exception>
    public static MaskSet Select(PruningRequest request, ChannelScores scores, PruningRanking ranking, TieRule ties) =>
        throw new NotImplementedException();

    /// <summary>The groups that go, by coupled scores. What masks them is <see cref="GroupMasks.Make"/>'s task.</summary>
    /// <param name="request">The request; it has widths and a group score.</param>
    /// <param name="scores">A score for each channel of each target.</param>
    /// <param name="ranking">Whether groups compete within their width, or all of them.</param>
    /// <param name="ties">Which of equal groups go.</param>
    /// <returns>Their ids.</returns>
    /// <exception cref="PruningException">As above.</exception>
    public static IReadOnlySet<int> SelectGroups(PruningRequest request, ChannelScores scores, PruningRanking ranking, TieRule ties) =>
        throw new NotImplementedException();

    /// <summary>The positions of the lowest scores.</summary>
    /// <param name="scores">Scores; higher is more important.</param>
    /// <param name="count">How many are to go.</param>
    /// <param name="ties">Which of equal ones go.</param>
    /// <returns>Positions, ascending; with <see cref="TieRule.Threshold"/> more than <paramref name="count"/> where scores are equal.</returns>
    public static IReadOnlyList<int> Lowest(IReadOnlyList<double> scores, int count, TieRule ties) => throw new NotImplementedException();
}
