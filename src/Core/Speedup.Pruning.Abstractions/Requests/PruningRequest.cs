using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>What a pruner is asked.</summary>
public sealed record PruningRequest
{
    /// <summary>The model; neither it nor its tensors are changed.</summary>
    public required nn.Module Model { get; init; }

    /// <summary>The layers to prune, and how far; see <see cref="PruningTargets.Resolve"/>.</summary>
    public required PruningTargets Targets { get; init; }

    /// <summary>What goes together; needed where <see cref="GroupScore"/> is not <see cref="GroupScore.None"/>.</summary>
    public ModelWidths? Widths { get; init; }

    /// <summary>Whether channels compete within their layer or across all of them; null for the pruner's own way.</summary>
    public PruningRanking? Ranking { get; init; }

    /// <summary>Whether channels that go together are scored as one, and how.</summary>
    public GroupScore GroupScore { get; init; }

    /// <summary>What is masked of a group that goes.</summary>
    public MaskedMembers MaskedMembers { get; init; }

    /// <summary>Batches to measure on; needed by pruners that look at activations or gradients.</summary>
    public IPruningStatistics? Statistics { get; init; }

    /// <summary>Seed of what is drawn.</summary>
    public long Seed { get; init; }
}
