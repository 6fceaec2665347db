using Speedup.Abstractions;
using Speedup.Core.Monitoring;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Sizes;

namespace Speedup.Core.Search;

/// <summary>The masked model's calls with what was inferred of them.</summary>
internal sealed class Analysis
{
    private readonly SearchContext _context;
    private readonly Planner _plain;
    private readonly CallHistory _history;
    private Planner? _scattering;

    /// <summary>Infers to the fixed point, and collects the relations.</summary>
    /// <exception cref="SpeedupException">A handler failed.</exception>
    public Analysis(SearchContext context, bool probesFunctions, CancellationToken cancellation)
    {
        _context = context;
        (Graph, _history, Rounds) = context.Clock.Run("propagate", steps => Infer(context, probesFunctions, steps, cancellation));
        SearchLog.Settled(context.Logger, Rounds);
        ProbesFunctions = probesFunctions;
        _plain = context.Clock.Run("plan", () => new Planner(Graph, []));
    }

    /// <summary>The operators with their facts.</summary>
    public OperatorGraph Graph { get; }

    /// <summary>Rounds until the fixed point.</summary>
    public int Rounds { get; }

    /// <summary>Whether functions without a handler were run on random tensors.</summary>
    public bool ProbesFunctions { get; }

    private static (OperatorGraph, CallHistory, int) Infer(
        SearchContext context,
        bool probesFunctions,
        PhaseSteps steps,
        CancellationToken cancellation
    )
    {
        SizedGraph sizes = context.Reference.Sizes;
        steps.Expect(sizes.Graph.Nodes.Count + 1); // the last one is the way to the fixed point
        var handlers = HandlerAssignment.Find(sizes, context.Inventory, context.Handlers, probesFunctions, steps);
        var graph = new OperatorGraph(sizes, context.Inventory, context.Masks, handlers, context.Options.Policy);
        graph.WatchHandlers(context.Watch);
        var history = CallHistory.Find(graph.Sizes, context.Reference.Changes, context.Inventory);
        return (graph, history, FixedPoint.Run(graph, context.Options.MaxRounds, cancellation, history.Nodes));
    }

    /// <summary>Makes the plan of an attempt.</summary>
    public RemovalPlan Plan(SearchState state) =>
        _context.Clock.Run(
            "plan",
            () => (state.Scatters ? Scattering(state) : _plain).Plan([.. state.Pins, .. _history.Pin(Graph, state.KeepsState)], state.Whole)
        );

    /// <summary>A planner that scatters outputs where they pay; the plain one where none does.</summary>
    private Planner Scattering(SearchState state)
    {
        if (_scattering is not null)
            return _scattering;
        RemovalPlan without = _plain.Plan([], state.Whole);
        IReadOnlyList<Scatter> candidates = ScatterSearch.FindCandidates(Graph, without);
        if (candidates.Count == 0)
            return _scattering = _plain;
        var all = new Planner(Graph, candidates);
        IReadOnlyList<Scatter> chosen = ScatterSearch.Choose(Graph, without, all.Plan([], state.Whole), candidates);
        return _scattering =
            chosen.Count == 0 ? _plain
            : chosen.Count == candidates.Count ? all
            : new Planner(Graph, chosen);
    }
}
