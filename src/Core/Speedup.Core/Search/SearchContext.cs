using Microsoft.Extensions.Logging;
using Speedup.Core.Masks;
using Speedup.Core.Models;
using Speedup.Core.Plugins;
using Speedup.Core.Tracing;

namespace Speedup.Core.Search;

/// <summary>What a search works with.</summary>
/// <param name="Reference">What the masked model did.</param>
/// <param name="Inventory">The dense model.</param>
/// <param name="Masks">The masks.</param>
/// <param name="Handlers">Where handlers come from.</param>
/// <param name="Tracer">The tracer.</param>
/// <param name="Options">What the search is told.</param>
/// <param name="Clock">Counts the time.</param>
/// <param name="Logger">The log.</param>
internal sealed record SearchContext(
    ReferenceRun Reference,
    ModelInventory Inventory,
    MaskSet Masks,
    IHandlerSource Handlers,
    Tracer Tracer,
    SearchOptions Options,
    PhaseClock Clock,
    ILogger Logger
);
