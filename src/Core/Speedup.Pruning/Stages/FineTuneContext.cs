using Speedup.Pruning.Evaluation;
using Speedup.Pruning.Pipeline;
using static TorchSharp.torch;

namespace Speedup.Pruning.Stages;

/// <summary>What a host's training is given.</summary>
public sealed class FineTuneContext
{
    private readonly StageContext _stage;
    private readonly AppliedMasks? _masks;

    internal FineTuneContext(StageContext stage, AppliedMasks? masks, string settings)
    {
        _stage = stage;
        _masks = masks;
        Settings = settings;
    }

    /// <summary>The model, to be trained in place; not to be disposed. Optimizers are made anew.</summary>
    public nn.Module Model => _stage.Model;

    /// <summary>Whether there are masks that are not in the model's shape yet.</summary>
    public bool IsMasked => _masks is not null;

    /// <summary>The text that the training was registered with; JSON for one of a description file.</summary>
    public string Settings { get; }

    /// <summary>A seed for generators of the training's own; TorchSharp's is set to it.</summary>
    public long Seed => _stage.Seed;

    /// <summary>To be looked at between batches.</summary>
    public CancellationToken Cancellation => _stage.Cancellation;

    /// <summary>
    /// Puts masked weights back to zero: to be called after each step of the optimizer. Does nothing where there are no masks; the stage does it once more at
    /// the end.
    /// </summary>
    public void ApplyMasks() => _masks?.Apply();

    /// <summary>Tells whoever watches how far the training is.</summary>
    /// <param name="detail">A few words, such as <c>epoch 3 of 10</c>.</param>
    public void Tell(string detail) => _stage.Tell(detail);
}
