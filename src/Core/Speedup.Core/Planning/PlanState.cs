using Speedup.Abstractions;
using Speedup.Core.Propagation;
using Speedup.Core.Reporting;

namespace Speedup.Core.Planning;

/// <summary>The plan while it is made: groups leave the set of what is removed, none enters.</summary>
internal sealed class PlanState(ElementSpace space, bool[] removable)
{
    private readonly Dictionary<(string Operator, KeepCause Cause, string Reason, string Axis), SortedSet<int>> _kept = [];

    private readonly HashSet<int> _explained = [];

    /// <summary>Whether an index stays for a reason that has been noted.</summary>
    public bool IsExplained(AxisKey axis, int index) => space.Contains(axis) && _explained.Contains(space.GroupOf(axis, index));

    /// <summary>The group of an index; null for an axis of which nothing can go.</summary>
    public int? GroupOf(AxisKey axis, int index) => space.Contains(axis) ? space.GroupOf(axis, index) : null;

    /// <summary>Number of groups taken back so far.</summary>
    public int Changes { get; private set; }

    /// <summary>The removable groups by representative.</summary>
    public bool[] Removable { get; } = removable;

    /// <summary>Whether an index is to go.</summary>
    public bool IsRemoved(AxisKey axis, int index) => space.Contains(axis) && Removable[space.GroupOf(axis, index)];

    /// <summary>Keeps an index with its group; notes the reason if it would have gone.</summary>
    public void Keep(OperatorView op, AxisRef axis, int index, KeepCause cause, string reason)
    {
        AxisKey key = op.KeyOf(axis);
        if (!IsRemoved(key, index))
            return;
        Removable[space.GroupOf(key, index)] = false;
        _explained.Add(space.GroupOf(key, index));
        Changes++;
        Note(op.Name, axis with { Axis = key.Axis }, [index], cause, reason);
    }

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
