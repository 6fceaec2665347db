using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Replacement;

namespace Speedup.Core.Search.Remedies;

/// <summary>
/// Chooses what to keep where the small model does something else than planned. What differed points at one operator; if nothing goes there,
/// the code around it is at fault, and what it touches is kept: axes whose lengths the operator was given, its module's calls, and at last
/// everything.
/// </summary>
internal sealed class PinLadder(OperatorGraph graph, RemovalPlan plan, SearchState state)
{
    /// <summary>How many axes of a length are kept on suspicion for one operator, before its whole module is.</summary>
    private const int MaxSuspects = 8;
    private readonly HashSet<int> _keptGroups = [];

    /// <summary>What to try next.</summary>
    public SearchState State { get; private set; } = state;

    /// <summary>Keeps what a difference points at. Several differences may point at the same indices: they are kept once.</summary>
    /// <returns>Whether there was anything left to keep.</returns>
    public bool Keep(TraceMismatch mismatch)
    {
        int at = Math.Min(mismatch.NodeId, graph.Operators.Count - 1);
        GraphOperator op = graph.Operators[at];
        if (Removed([op]).Any(IsKeptByNow))
            return true;
        return Pin([op], mismatch.Reason, axis => axis.Kind == PortKind.Output) // a slice of fixed length does not care for the rest
            || Pin([op], mismatch.Reason)
            || PinSuspect(at, mismatch.Reason)
            || Pin(at > 0 ? [graph.Operators[at - 1]] : [], mismatch.Reason) // the code may have looked at its result
            || Pin(graph.Operators.Where(other => other.Node.ModulePath == op.Node.ModulePath), mismatch.Reason)
            || KeepEverything(mismatch.Reason);
    }

    /// <summary>Keeps all that an operator reads and makes.</summary>
    /// <returns>Whether there was anything left to keep.</returns>
    public bool KeepAt(GraphOperator op, string reason) => Pin([op], reason);

    /// <summary>Keeps everything: nothing goes.</summary>
    /// <returns>Whether there was anything left to keep.</returns>
    public bool KeepEverything(string reason) => Pin(graph.Operators, reason);

    /// <summary>
    /// Code may read the length of one tensor and use it for another, as in <c>c = x.shape[1]; ...; y.view(n, c, h, w)</c>: the nearest call
    /// before, with an output that got shorter than a number that this call was given.
    /// </summary>
    private bool PinSuspect(int at, string reason)
    {
        IReadOnlySet<long> numbers = CallNumbers.Of(graph.Operators[at].Node);
        if (numbers.Count == 0 || State.Suspects.GetValueOrDefault(at) == MaxSuspects)
            return false;
        for (int i = at - 1; i >= 0; i--)
        {
            GraphOperator op = graph.Operators[i];
            if (!Pin([op], reason, axis => axis.Kind == PortKind.Output && numbers.Contains(op.Facts(axis).Length)))
                continue;
            State = State with { Suspects = State.Suspects.SetItem(at, State.Suspects.GetValueOrDefault(at) + 1) };
            return true;
        }
        return false;
    }

    private bool Pin(IEnumerable<GraphOperator> operators, string reason, Func<AxisRef, bool>? chooses = null)
    {
        Pinned[] pins =
        [
            .. from place in Removed(operators)
            where chooses?.Invoke(place.Axis) != false
            select new Pinned(place.Op.Node.Id, place.Axis, reason),
        ];
        foreach (Pinned pin in pins)
            _keptGroups.UnionWith(GroupsOf(graph.Operators[pin.NodeId], pin.Axis));
        State = State with { Pins = State.Pins.AddRange(pins) };
        return pins.Length > 0;
    }

    /// <summary>Axes that lose indices.</summary>
    private IEnumerable<(GraphOperator Op, AxisRef Axis)> Removed(IEnumerable<GraphOperator> operators) =>
        from op in operators
        from axis in OperatorAxes.Values(op)
        where Enumerable.Range(0, op.Facts(axis).Length).Any(i => plan.IsRemoved(op.KeyOf(axis), i))
        select (op, axis);

    private bool IsKeptByNow((GraphOperator Op, AxisRef Axis) place) =>
        _keptGroups.Count > 0 && GroupsOf(place.Op, place.Axis).Overlaps(_keptGroups);

    private HashSet<int> GroupsOf(GraphOperator op, AxisRef axis) => plan.RemovedGroups(op.KeyOf(axis), op.Facts(axis).Length);
}
