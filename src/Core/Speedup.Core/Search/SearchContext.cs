using Microsoft.Extensions.Logging;
using Speedup.Core.Models;
using Speedup.Core.Monitoring;
using Speedup.Core.Plugins;
using Speedup.Core.Propagation;
using Speedup.Persistence.Masks;

namespace Speedup.Core.Search;

/// <summary>What a search works with.</summary>
/// <param name="Reference">What the masked model did.</param>
/// <param name="Inventory">The dense model.</param>
/// <param name="Model">Its state, which all passes begin with.</param>
/// <param name="Masks">The masks.</param>
/// <param name="Handlers">Where handlers come from.</param>
/// <param name="Options">What the search is told.</param>
/// <param name="Clock">Counts the time.</param>
/// <param name="Logger">The log.</param>
internal sealed record SearchContext(
    ReferenceRun Reference,
    ModelInventory Inventory,
    EvaluationScope Model,
    MaskSet Masks,
    IHandlerSource Handlers,
    SearchOptions Options,
    PhaseClock Clock,
    ILogger Logger
)
{
    /// <summary>Tells of functions of handlers that take too long; null for none.</summary>
    public CallWatch<WatchedCall>? Watch { get; init; }
}
