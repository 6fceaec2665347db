using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Replacement;
using Speedup.Core.Tracing;
using static TorchSharp.torch;

namespace Speedup.Core.Search;

/// <summary>A plan carried out, and the traced pass of the small model on the example.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Transaction">The changes, not committed yet.</param>
/// <param name="SmallModel">Modules and tensors of the small model.</param>
/// <param name="State">What its passes must leave alone.</param>
/// <param name="Traced">The pass.</param>
internal sealed record Attempt(
    RemovalPlan Plan,
    ModelTransaction Transaction,
    ModelInventory SmallModel,
    StateSnapshot State,
    TraceResult Traced
) : IDisposable
{
    /// <summary>The new modules: each counts as one call, whatever it is made of.</summary>
    public IReadOnlySet<nn.Module> Leaves { get; } =
        new HashSet<nn.Module>(Transaction.Swaps.Select(swap => swap.New), ReferenceEqualityComparer.Instance);

    /// <inheritdoc/>
    public void Dispose()
    {
        State.Dispose();
        Transaction.Dispose();
    }
}
