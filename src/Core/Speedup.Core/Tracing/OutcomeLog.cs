using System.Reflection;
using Speedup.Core.Graph;
using Speedup.Core.Tracing.Flow;

namespace Speedup.Core.Tracing;

/// <summary>What re-emitted code says of its conditions and calls in one pass. It may come from several threads.</summary>
internal sealed class OutcomeLog
{
    private readonly Dictionary<TracedCondition, long[]> _counts = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<TracedCondition, (long Count, long Least, long Greatest)> _indices = new(
        ReferenceEqualityComparer.Instance
    );
    private readonly Lock _gate = new();
    private FlowCall? _next;

    /// <summary>How often each outcome was seen.</summary>
    public IReadOnlyList<ConditionCount> Counts
    {
        get
        {
            lock (_gate)
                return
                [
                    .. _counts.Select(entry => new ConditionCount(entry.Key, [.. entry.Value])),
                    .. _indices.Select(entry => new ConditionCount(
                        entry.Key,
                        [entry.Value.Count],
                        (entry.Value.Least, entry.Value.Greatest)
                    )),
                ];
        }
    }

    /// <summary>A condition has come out.</summary>
    public void NoteOutcome(TracedCondition condition, int outcome)
    {
        lock (_gate)
        {
            if (!_counts.TryGetValue(condition, out long[]? counts))
                _counts[condition] = counts = new long[condition.Sides.Count];
            counts[outcome]++;
        }
    }

    /// <summary>An index has chosen.</summary>
    public void NoteIndex(TracedCondition condition, long index)
    {
        lock (_gate)
        {
            (long count, long least, long greatest) = _indices.GetValueOrDefault(condition, (0, index, index));
            _indices[condition] = (count + 1, Math.Min(least, index), Math.Max(greatest, index));
        }
    }

    /// <summary>A function is about to be called.</summary>
    public void NoteCall(FlowCall call) => _next = call;

    /// <summary>Tells which arguments of the function that has just run come from sizes, by what is known when that is asked.</summary>
    public Func<IReadOnlySet<string>>? TakeSizeArguments(MethodInfo function)
    {
        FlowCall? call = _next;
        _next = null;
        return call?.Function == function ? call!.FindSizeArguments : null;
    }
}
