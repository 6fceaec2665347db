using Speedup.Persistence.Masks;

namespace Speedup.Pruning.Abstractions;

/// <summary>
/// Chooses what a model can best do without. A plugin registers its pruners as services of this type; a host finds them by name. A pruner
/// keeps nothing between calls, and may be used from several threads at once, on different models.
/// </summary>
public interface IPruner
{
    /// <summary>The name by which a host asks for it: lower case, words joined by hyphens, as in <c>mean-activation</c>. Always the same.</summary>
    string Name { get; }

    /// <summary>What it removes first, in one line.</summary>
    string Description { get; }

    /// <summary>
    /// The module classes (<see cref="PruningRule.OpTypes"/>) that a rule without types and names is about; those that the pruner can judge.
    /// </summary>
    IReadOnlyList<string> DefaultOpTypes { get; }

    /// <summary>Makes masks.</summary>
    /// <param name="request">What to prune. The model is the caller's: its weights, flags and gradients are afterwards what they were.</param>
    /// <param name="cancellation">Looked at between layers and between batches.</param>
    /// <returns>0/1 masks of the shapes of their parameters, in float32 on their devices; they belong to the caller.</returns>
    /// <exception cref="PruningException">The request asks for what this pruner cannot do, or lacks what it needs.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    MaskSet Prune(PruningRequest request, CancellationToken cancellation = default);
}
