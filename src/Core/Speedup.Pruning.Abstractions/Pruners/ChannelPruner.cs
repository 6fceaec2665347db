using Speedup.Persistence.Masks;

namespace Speedup.Pruning.Abstractions;

/// <summary>
/// A pruner of whole channels, of which only the score is left to write. How many go, which of equal ones, and what is masked with them is
/// <see cref="ChannelSelection"/>'s task.
/// </summary>
public abstract class ChannelPruner : IChannelPruner
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> DefaultOpTypes => LayerTypes.Linear;

    /// <summary>Which channels go where several have the same score.</summary>
    public virtual TieRule Ties => TieRule.Exact;

    /// <summary>The ranking where the request leaves it open.</summary>
    public virtual PruningRanking Ranking => PruningRanking.PerLayer;

    /// <inheritdoc/>
    public abstract ChannelScores Score(PruningRequest request, CancellationToken cancellation = default);

    /// <inheritdoc/>
    public MaskSet Prune(PruningRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ChannelSelection.Select(request, Score(request, cancellation), request.Ranking ?? Ranking, Ties);
    }
}
