using Speedup.Core.Graph;
using Speedup.Core.Tracing;
using static TorchSharp.torch;

namespace Speedup.Core.Verification;

/// <summary>An input on which both models are compared.</summary>
/// <param name="Name">"example", "fresh random", "second size", "other (0)".</param>
/// <param name="Tensors">The input tensors.</param>
/// <param name="Expected">What the masked model returns.</param>
/// <param name="IsPlain">
/// Whether that is of a plain pass, and not of a traced one: where tracing changed what the code does, both traced models would do the same.
/// </param>
/// <param name="Graph">The calls that it made on the way; without nodes after a plain pass.</param>
internal sealed record ProbeInput(
    string Name,
    IReadOnlyList<Tensor> Tensors,
    IReadOnlyList<Tensor> Expected,
    bool IsPlain,
    ModelGraph Graph
)
{
    /// <summary>What its random functions drew on the way.</summary>
    public IReadOnlyList<DrawnCall> Draws { get; init; } = [];
}
