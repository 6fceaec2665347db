using Speedup.Core.Graph;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>A traced pass, of one call of the model or of several in a row.</summary>
/// <param name="Graph">Its calls.</param>
/// <param name="Outputs">The tensors that the model returned, in order.</param>
/// <param name="Failure">What the model threw; null where it ran to its end.</param>
/// <param name="FailedPath">Path of the innermost traced module that threw.</param>
/// <param name="Repairs">Calls, by their number among all calls, that did not yield what was planned; null where nothing was planned.</param>
internal sealed record TraceResult(
    ModelGraph Graph,
    IReadOnlyList<Tensor> Outputs,
    Exception? Failure,
    string FailedPath,
    IReadOnlyDictionary<int, string>? Repairs = null
)
{
    /// <summary>What its random functions drew; it belongs to the caller's dispose scope.</summary>
    public IReadOnlyList<DrawnCall> Draws { get; init; } = [];
}
