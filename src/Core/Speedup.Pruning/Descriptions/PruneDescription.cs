using Speedup.Pruning.Abstractions;

namespace Speedup.Pruning.Descriptions;

/// <summary>Makes masks.</summary>
public sealed record PruneDescription : StageDescription
{
    /// <summary>Name of the pruner, such as <c>l1</c>.</summary>
    public required string Pruner { get; init; }

    /// <summary>The part of the channels of each layer that goes; in place of rules.</summary>
    public double? Sparsity { get; init; }

    /// <summary>Which layers, and how far; in place of a sparsity.</summary>
    public IReadOnlyList<PruningRule>? Rules { get; init; }

    /// <summary>What the model may still cost: <c>macs=0.5</c>, <c>parameters=0.4</c> or <c>latency=0.6</c>.</summary>
    public string? Budget { get; init; }

    /// <summary>Whether channels that go together are scored as one, and how.</summary>
    public GroupScore Group { get; init; }

    /// <summary>With what channels compete; null for the pruner's own way.</summary>
    public PruningRanking? Ranking { get; init; }

    /// <summary>What is masked of a group that goes.</summary>
    public MaskedMembers Masked { get; init; }

    /// <summary>A static method of the user's assembly that returns the batches to measure on (<see cref="IPruningStatistics"/>); null for none.</summary>
    public string? Statistics { get; init; }
}
