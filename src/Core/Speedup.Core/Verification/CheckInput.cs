using Speedup.Core.Graph;
using Speedup.Core.Tracing;
using static TorchSharp.torch;

namespace Speedup.Core.Verification;

/// <summary>An input on which both models are compared.</summary>
/// <param name="Name">"example", "fresh random", "large numbers", "second size", "other (0)".</param>
/// <param name="Tensors">The input tensors.</param>
/// <param name="Expected">What the masked model returns.</param>
/// <param name="IsPlain">
/// Whether that is of a plain pass, and not of a traced one: where tracing changed what the code does, both traced models would do the same.
/// </param>
/// <param name="Graph">The calls that it made on the way; without nodes after a plain pass.</param>
internal sealed record CheckInput(
    string Name,
    IReadOnlyList<Tensor> Tensors,
    IReadOnlyList<Tensor> Expected,
    bool IsPlain,
    ModelGraph Graph
)
{
    /// <summary>Whether it is another input than the example is in more than its values: of another size, scale, or a later call.</summary>
    public bool IsVariant { get; init; }

    /// <summary>
    /// Whether its numbers are of a scale that the model may not have been made for. There it may overflow, or round as much as it computes, which
    /// is no fault of the small model.
    /// </summary>
    public bool IsScaled { get; init; }

    /// <summary>What its random functions drew on the way.</summary>
    public IReadOnlyList<DrawnCall> Draws { get; init; } = [];
}
