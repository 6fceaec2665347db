using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Evaluation;
using static TorchSharp.torch;

namespace Speedup.Pruning.Sensitivity;

/// <summary>What a sensitivity analysis is asked.</summary>
public sealed record SensitivityRequest
{
    /// <summary>The model. Its weights, buffers and training flags are afterwards what they were, bit for bit.</summary>
    public required nn.Module Model { get; init; }

    /// <summary>What chooses the channels of each layer.</summary>
    public required IPruner Pruner { get; init; }

    /// <summary>How good a masked model is. What it throws ends the analysis.</summary>
    public required Func<EvaluationContext, ModelMetrics> Evaluate { get; init; }

    /// <summary>The layers, as for <see cref="PruningTargets.Resolve"/>; sparsities do not matter. Null: all of the pruner's default classes.</summary>
    public IReadOnlyList<PruningRule>? Rules { get; init; }

    /// <summary>The sparsities to try, each more than 0 and less than 1.</summary>
    public IReadOnlyList<double> Sparsities { get; init; } = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

    /// <summary>
    /// What goes together in the model; needed where <see cref="GroupScore"/> is not <see cref="GroupScore.None"/>. Layers of one width are then tried
    /// together.
    /// </summary>
    public ModelWidths? Widths { get; init; }

    /// <summary>Whether channels that go together are scored as one, and how.</summary>
    public GroupScore GroupScore { get; init; }

    /// <summary>Batches to measure on; needed by pruners that look at activations or gradients.</summary>
    public IPruningStatistics? Statistics { get; init; }

    /// <summary>Seed of what the pruner draws.</summary>
    public long Seed { get; init; }

    /// <summary>The text that the evaluation is given; see <see cref="EvaluationContext.Settings"/>.</summary>
    public string Settings { get; init; } = "";

    /// <summary>Told of each evaluation, on the thread of the analysis. Null: nobody.</summary>
    public IProgress<SensitivityProgress>? Progress { get; init; }
}
