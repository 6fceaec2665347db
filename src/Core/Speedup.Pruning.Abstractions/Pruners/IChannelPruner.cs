namespace Speedup.Pruning.Abstractions;

/// <summary>A pruner that gives each channel a score, so that others can rank by it: over groups, over layers, under a budget.</summary>
public interface IChannelPruner : IPruner
{
    /// <summary>Scores the channels of all targets.</summary>
    /// <param name="request">What to prune; only model, targets, statistics and seed matter here.</param>
    /// <param name="cancellation">Looked at between layers and between batches.</param>
    /// <returns>A score for each channel of each target; higher is more important.</returns>
    /// <exception cref="PruningException">A target is of a class that this pruner cannot judge, or the request lacks what it needs.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    ChannelScores Score(PruningRequest request, CancellationToken cancellation = default);
}
