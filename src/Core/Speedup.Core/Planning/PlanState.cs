using Speedup.Abstractions;
using Speedup.Core.Propagation;
using Speedup.Core.Reporting;

namespace Speedup.Core.Planning;

/// <summary>The plan while it is made: groups leave the set of what is removed, none enters.</summary>
internal sealed class PlanState(ElementSpace space, bool[] removable, IReadOnlySet<int> masked)
{
    private readonly Dictionary<(string Operator, KeepCause Cause, string Reason, string Axis), SortedSet<int>> _kept = [];

    private readonly Dictionary<int, KeptReason> _reasons = [];

    /// <summary>Whether an index stays for a reason that has been noted.</summary>
    public bool IsExplained(AxisKey axis, int index) => FindReason(axis, index) is not null;

    /// <summary>Why an index stays; null where nothing kept it, or it was never to go.</summary>
    public KeptReason? FindReason(AxisKey axis, int index) =>
        space.Contains(axis) ? _reasons.GetValueOrDefault(space.GroupOf(axis, index)) : null;

    /// <summary>The group of an index; null for an axis of which nothing can go.</summary>
    public int? GroupOf(AxisKey axis, int index) => space.Contains(axis) ? space.GroupOf(axis, index) : null;

    /// <summary>Number of groups taken back so far.</summary>
    public int Changes { get; private set; }

    /// <summary>The removable groups by representative.</summary>
    public bool[] Removable { get; } = removable;

    /// <summary>Whether an index is to go.</summary>
    public bool IsRemoved(AxisKey axis, int index) => space.Contains(axis) && Removable[space.GroupOf(axis, index)];

    /// <summary>Keeps an index with its group; notes the reason if it would have gone.</summary>
    public void Keep(GraphOperator op, AxisRef axis, int index, KeepCause cause, string reason)
    {
        AxisKey key = op.KeyOf(axis);
        if (!IsRemoved(key, index))
            return;
        int group = space.GroupOf(key, index);
        Removable[group] = false;
        _reasons[group] = new KeptReason(op.Name, cause, reason);
        Changes++;
        if (IsMasked(key, index))
            Note(op.Name, axis with { Axis = key.Axis }, [index], cause, reason);
    }

    /// <summary>Whether a mask prunes an index, or one that goes together with it.</summary>
    public bool IsMasked(AxisKey axis, int index) => space.Contains(axis) && masked.Contains(space.GroupOf(axis, index));

    /// <summary>Notes why an index stays that goes together with others.</summary>
    public void Explain(AxisKey axis, int index, KeptReason reason) => _reasons.TryAdd(space.GroupOf(axis, index), reason);

    /// <summary>Notes kept indices.</summary>
    public void Note(string name, AxisRef axis, IReadOnlyList<int> indices, KeepCause cause, string reason)
    {
        string place = axis.Kind == PortKind.Parameter ? axis.Parameter! : $"{axis.Kind} {axis.Position}";
        var key = (name, cause, reason, $"{place.ToLowerInvariant()} axis {axis.Axis}");
        if (!_kept.TryGetValue(key, out SortedSet<int>? noted))
            _kept[key] = noted = [];
        noted.UnionWith(indices);
    }

    /// <summary>All that was kept.</summary>
    public IReadOnlyList<KeptChannels> ReadKept() =>
        [
            .. _kept.Select(entry => new KeptChannels(
                entry.Key.Operator,
                entry.Key.Cause,
                entry.Key.Reason,
                entry.Key.Axis,
                [.. entry.Value]
            )),
        ];
}
