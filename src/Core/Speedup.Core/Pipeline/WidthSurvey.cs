using Microsoft.Extensions.Logging;
using Speedup.Core.Grouping;
using Speedup.Core.Models;
using Speedup.Core.Monitoring;
using Speedup.Core.Plugins;
using Speedup.Core.Search;
using Speedup.Core.Tracing;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Core.Pipeline;

/// <summary>Runs the passes that the question for a model's widths needs, and one speedup that is undone.</summary>
internal sealed class WidthSurvey(
    ModelInventory inventory,
    EvaluationScope state,
    IReadOnlyList<Tensor> inputs,
    SpeedupOptions defaults,
    IHandlerSource handlers,
    MethodRewriter rewriter,
    ILogger logger
)
{
    /// <summary>Finds the widths. The model is afterwards what it was.</summary>
    /// <exception cref="Abstractions.SpeedupException">The forward pass or a handler failed, or no small model could be made.</exception>
    public ModelWidths Run(SearchOptions options, CancellationToken cancellation)
    {
        var clock = new PhaseClock(null, cancellation);
        using MaskSet none = MaskSet.Empty;
        ReferenceRun dense = Trace(none, clock, cancellation);
        var query = new WidthQuery(dense, inventory, handlers, options, Attempt, cancellation);
        return query.Run(clock.Run("propagate", steps => query.Assign(steps)));

        SearchState Attempt(MaskSet masks)
        {
            ReferenceRun masked = Trace(masks, clock, cancellation);
            if (masked.Sizes.Graph.Nodes.Count != dense.Sizes.Graph.Nodes.Count)
                return new SearchState(); // the code chose other paths, so that nothing is learnt of these
            var context = new SearchContext(masked, inventory, state, masks, handlers, options, clock, logger);
            SearchResult found = new SmallModelSearch(context, new SearchHooks(_ => { }, (_, _) => { })).Run(cancellation);
            found.Attempt.Dispose(); // undoes it
            return found.State;
        }
    }

    private ReferenceRun Trace(MaskSet masks, PhaseClock clock, CancellationToken cancellation) =>
        clock.Run(
            "trace",
            steps =>
                new MaskedPasses(inventory, state, handlers, rewriter, steps, cancellation).Run(
                    inputs,
                    masks,
                    defaults.OtherInputs,
                    defaults.VerifyOnFreshInputs,
                    _ => { }
                )
        );
}
