using Speedup.Abstractions;
using Speedup.Core.Models;
using Speedup.Core.Monitoring;
using Speedup.Core.Planning;
using Speedup.Core.Plugins;
using Speedup.Core.Propagation;
using Speedup.Core.Search;
using Speedup.Core.Sizes;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;

namespace Speedup.Core.Grouping;

/// <summary>Finds out what can be wide or narrow in a model, from what a speedup itself would trace, infer and plan.</summary>
/// <param name="reference">Passes of the dense model.</param>
/// <param name="inventory">The model.</param>
/// <param name="handlers">Where handlers come from.</param>
/// <param name="options">What a search would be told.</param>
/// <param name="attempt">Makes a small model of masks, undoes it, and tells what was learnt of what the model's code does not let go.</param>
/// <param name="cancellation">Cancels between steps.</param>
internal sealed class WidthQuery(
    ReferenceRun reference,
    ModelInventory inventory,
    IHandlerSource handlers,
    SearchOptions options,
    Func<MaskSet, SearchState> attempt,
    CancellationToken cancellation
)
{
    /// <summary>Finds all widths.</summary>
    /// <exception cref="SpeedupException">A handler failed.</exception>
    public ModelWidths Run(HandlerAssignment assignment)
    {
        SizedGraph sizes = reference.Sizes;
        using MaskSet none = MaskSet.Empty;
        (OperatorGraph dense, _) = Infer(sizes, none, assignment);
        var finder = new WidthFinder(dense);
        ModelWidths widths = finder.Find();
        return new RemovalTrial(
            inventory.Root,
            widths,
            finder.Places,
            attempt,
            (masks, learnt) => Plan(sizes, masks, learnt, assignment)
        ).Run();
    }

    /// <summary>Who handles which call.</summary>
    public HandlerAssignment Assign(PhaseSteps steps)
    {
        steps.Expect(reference.Sizes.Graph.Nodes.Count);
        return HandlerAssignment.Find(reference.Sizes, inventory, handlers, options.ProbesFunctions, steps);
    }

    private (OperatorGraph Graph, RemovalPlan Plan) Plan(SizedGraph sizes, MaskSet masks, SearchState learnt, HandlerAssignment assignment)
    {
        (OperatorGraph graph, CallHistory history) = Infer(sizes, masks, assignment);
        return (graph, new Planner(graph, []).Plan([.. learnt.Pins, .. history.Pin(graph, learnt.KeepsState)], learnt.Whole));
    }

    private (OperatorGraph, CallHistory) Infer(SizedGraph sizes, MaskSet masks, HandlerAssignment assignment)
    {
        var graph = new OperatorGraph(sizes, inventory, masks, assignment, options.Policy);
        var history = CallHistory.Find(graph.Sizes, reference.Changes, inventory);
        FixedPoint.Run(graph, options.MaxRounds, cancellation, history.Nodes);
        return (graph, history);
    }
}
