using Speedup.Core.Propagation;
using Speedup.Core.Reporting;

namespace Speedup.Core.Planning;

/// <summary>What goes and what stays.</summary>
internal sealed class RemovalPlan(
    ElementSpace space,
    bool[] removable,
    IReadOnlyList<KeptChannels> kept,
    IReadOnlyList<AlignedAxis> aligned,
    IReadOnlyList<Scatter> scatters,
    Func<AxisKey, int, KeptReason?> findReason
)
{
    private readonly Dictionary<AxisKey, IReadOnlyList<int>> _keptOn = [];
    private IReadOnlyList<Scatter>? _scatters;

    /// <summary>Channels that could have gone and stay, with reasons.</summary>
    public IReadOnlyList<KeptChannels> Kept { get; } = kept;

    /// <summary>Axes that keep channels for the sake of others.</summary>
    public IReadOnlyList<AlignedAxis> Aligned { get; } = aligned;

    /// <summary>Modules whose output is scattered back to full width.</summary>
    public IReadOnlyList<Scatter> Scatters =>
        _scatters ??= [
            .. scatters.Where(scatter => KeptOn(scatter.Inner, scatter.Length).Count < KeptOn(scatter.Outer, scatter.Length).Count),
        ];

    /// <summary>The groups of the indices of an axis that go.</summary>
    public HashSet<int> RemovedGroups(AxisKey axis, int length) =>
        [.. Enumerable.Range(0, length).Where(i => IsRemoved(axis, i)).Select(i => space.GroupOf(axis, i))];

    /// <summary>Why an index stays; null where nothing that it goes together with was ever to go.</summary>
    public KeptReason? FindReason(AxisKey axis, int index) => findReason(axis, index);

    /// <summary>Whether anything goes.</summary>
    public bool IsEmpty => !space.Axes.Any(axis => Enumerable.Range(0, space.LengthOf(axis)).Any(i => IsRemoved(axis, i)));

    /// <summary>Whether an index goes.</summary>
    public bool IsRemoved(AxisKey axis, int index) => space.Contains(axis) && removable[space.GroupOf(axis, index)];

    /// <summary>Indices of an axis that stay, ascending.</summary>
    public IReadOnlyList<int> KeptOn(AxisKey axis, int length)
    {
        if (_keptOn.TryGetValue(axis, out IReadOnlyList<int>? kept))
            return kept;
        bool isWhole = !space.Contains(axis);
        return _keptOn[axis] = [.. Enumerable.Range(0, length).Where(i => isWhole || !IsRemoved(axis, i))];
    }
}
