using static TorchSharp.torch;

namespace Speedup.Pruning.Evaluation;

/// <summary>What a host's evaluation is given.</summary>
/// <param name="model">The model. Masks, where there are any, are multiplied into its weights.</param>
/// <param name="settings">The text that the evaluation was registered with; JSON for one of a description file.</param>
/// <param name="cancellation">To be looked at between batches.</param>
public sealed class EvaluationContext(nn.Module model, string settings = "", CancellationToken cancellation = default)
{
    /// <summary>The model. It is not the evaluation's to keep or to dispose.</summary>
    public nn.Module Model { get; } = model;

    /// <summary>The text that the evaluation was registered with; JSON for one of a description file.</summary>
    public string Settings { get; } = settings;

    /// <summary>To be looked at between batches.</summary>
    public CancellationToken Cancellation { get; } = cancellation;
}
