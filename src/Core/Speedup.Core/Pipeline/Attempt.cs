using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Replacement;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>A plan carried out, and the traced pass of the small model.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Transaction">The changes, not committed yet.</param>
/// <param name="SmallModel">Modules and tensors of the small model.</param>
/// <param name="State">What its passes must leave alone.</param>
/// <param name="SmallGraph">Calls of the small model, as far as it got.</param>
/// <param name="Outputs">Its outputs; empty where it failed.</param>
/// <param name="Failure">Why it failed; null where it ran to its end.</param>
/// <param name="FailedPath">Path of the innermost module that failed.</param>
internal sealed record Attempt(
    RemovalPlan Plan,
    ModelTransaction Transaction,
    ModelInventory SmallModel,
    StateSnapshot State,
    ModelGraph SmallGraph,
    IReadOnlyList<Tensor> Outputs,
    Exception? Failure,
    string FailedPath
) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        State.Dispose();
        Transaction.Dispose();
    }
}
