using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Budgets;

namespace Speedup.Pruning.Stages;

/// <summary>How a stage prunes.</summary>
public sealed record PruneOptions
{
    /// <summary>Name of the pruner, such as <c>l1</c>.</summary>
    public required string Pruner { get; init; }

    /// <summary>Which layers, and how far; sparsities are of the original model's channels, also where earlier stages have made the model small.</summary>
    public required IReadOnlyList<PruningRule> Rules { get; init; }

    /// <summary>
    /// What the model may still cost; which channels go then follows from it, and rules only say which layers may be pruned. The part is of the model as the
    /// stage finds it. The pruner must score channels (<see cref="IChannelPruner"/>). Null: no budget.
    /// </summary>
    public PruningBudget? Budget { get; init; }

    /// <summary>Whether channels that go together are scored as one, and how. Under a budget <see cref="GroupScore.None"/> stands for the sum.</summary>
    public GroupScore GroupScore { get; init; }

    /// <summary>With what channels compete; null for the pruner's own way.</summary>
    public PruningRanking? Ranking { get; init; }

    /// <summary>What is masked of a group that goes.</summary>
    public MaskedMembers MaskedMembers { get; init; }

    /// <summary>Makes batches to measure on; needed by pruners that look at activations or gradients.</summary>
    public Func<IPruningStatistics>? CreateStatistics { get; init; }

    /// <summary>All that decides these batches, in any words; another text makes the stage run again.</summary>
    public string StatisticsSettings { get; init; } = "";

    /// <summary>Whether masks can only be made with example inputs: where channels go together, or there is a budget.</summary>
    public bool NeedsInputs => GroupScore != GroupScore.None || Budget is not null;
}
