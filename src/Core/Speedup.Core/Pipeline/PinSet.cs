using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Replacement;

namespace Speedup.Core.Pipeline;

/// <summary>
/// Axes that attempts have found to be fixed by the source. What differed points at one operator; if nothing goes there, the
/// code around it is at fault, and what it touches is kept: axes whose lengths the operator was given, its module's calls, and at last
/// everything.
/// </summary>
internal sealed class PinSet(OperatorGraph graph, IReadOnlyList<Pinned> pins)
{
    /// <summary>How many axes of a length are kept on suspicion for one operator, before its whole module is.</summary>
    private const int MaxSuspects = 8;
    private readonly List<Pinned> _pins = [.. pins];
    private readonly Dictionary<int, int> _suspects = [];

    /// <summary>The pins so far.</summary>
    public IReadOnlyList<Pinned> All => _pins;

    /// <summary>Pins of everything that is read or made from a call on, after which the code takes another path at other sizes.</summary>
    public static IReadOnlyList<Pinned> PinFrom(OperatorGraph graph, int fork) =>
        [
            .. from op in graph.Operators.Skip(fork)
            from axis in OperatorAxes.Values(op)
            select new Pinned(op.Node.Id, axis, "the code takes another path at another input size"),
        ];

    /// <summary>Learns from a failed attempt.</summary>
    /// <returns>Whether there was anything left to keep.</returns>
    public bool Add(TraceMismatch? mismatch, Exception? failure, RemovalPlan plan)
    {
        int at = Math.Min(mismatch?.NodeId ?? graph.Operators.Count - 1, graph.Operators.Count - 1);
        string reason = failure is null ? mismatch!.Reason : $"{mismatch?.Reason} ({failure.Message.Split('\n')[0]})";
        OperatorView op = graph.Operators[at];
        return Pin([op], plan, reason, axis => axis.Kind == PortKind.Output) // a slice of fixed length does not care for the rest
            || Pin([op], plan, reason)
            || PinSuspect(at, plan, reason)
            || Pin(Before(at), plan, reason)
            || Pin(graph.Operators.Where(other => other.Node.ModulePath == op.Node.ModulePath), plan, reason)
            || Pin(graph.Operators, plan, reason);
    }

    /// <summary>
    /// Code may read the length of one tensor and use it for another, as in <c>c = x.shape[1]; ...; y.view(n, c, h, w)</c>: the nearest call
    /// before, with an output that got shorter than a number that this call was given.
    /// </summary>
    private bool PinSuspect(int at, RemovalPlan plan, string reason)
    {
        IReadOnlySet<long> numbers = CallNumbers.Of(graph.Operators[at].Node);
        if (numbers.Count == 0 || _suspects.GetValueOrDefault(at) == MaxSuspects)
            return false;
        for (int i = at - 1; i >= 0; i--)
        {
            OperatorView op = graph.Operators[i];
            if (!Pin([op], plan, reason, axis => axis.Kind == PortKind.Output && numbers.Contains(op.Facts(axis).Length)))
                continue;
            _suspects[at] = _suspects.GetValueOrDefault(at) + 1;
            return true;
        }
        return false;
    }

    /// <summary>The call before, whose result the code may have looked at.</summary>
    private OperatorView[] Before(int at) => at > 0 ? [graph.Operators[at - 1]] : [];

    private bool Pin(IEnumerable<OperatorView> operators, RemovalPlan plan, string reason, Func<AxisRef, bool>? chooses = null)
    {
        Pinned[] pins =
        [
            .. from op in operators
            from axis in OperatorAxes.Values(op)
            where chooses?.Invoke(axis) != false
            where Enumerable.Range(0, op.Facts(axis).Length).Any(i => plan.IsRemoved(op.KeyOf(axis), i))
            select new Pinned(op.Node.Id, axis, reason),
        ];
        _pins.AddRange(pins);
        return pins.Length > 0;
    }
}
