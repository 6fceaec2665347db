using Speedup.Abstractions;

namespace Speedup.TestKit.Handlers;

/// <summary>Passes on what a handler relates, and remembers it.</summary>
internal sealed class TieRecorder(IRelations inner) : ObservedOperator(inner), IRelations
{
    private readonly ChannelGroups _groups = new();
    private readonly Dictionary<(AxisRef Axis, int Index), int> _channels = [];
    private readonly HashSet<AxisRef> _claimed = [];

    /// <summary>The engine's.</summary>
    public IRelations Inner => inner;

    /// <summary>Whether an axis was tied or released at all, and so can change.</summary>
    public bool IsClaimed(AxisRef axis) => _claimed.Contains(FromFront(axis));

    /// <summary>Whether an index of an axis that can change goes without an index of another.</summary>
    public bool AreApart(AxisRef first, int firstIndex, AxisRef second, int secondIndex) =>
        (IsClaimed(first) || IsClaimed(second)) && !AreTied(first, firstIndex, second, secondIndex);

    /// <summary>Whether two indices go together.</summary>
    public bool AreTied(AxisRef first, int firstIndex, AxisRef second, int secondIndex) =>
        _groups.AreTied(ChannelOf(first, firstIndex), ChannelOf(second, secondIndex));

    /// <summary>All that goes together with an index, itself included.</summary>
    public IReadOnlyList<(AxisRef Axis, int Index)> GroupOf(AxisRef axis, int index)
    {
        int channel = ChannelOf(axis, index);
        return [.. _channels.Where(other => _groups.AreTied(other.Value, channel)).Select(other => other.Key)];
    }

    /// <inheritdoc/>
    public void Tie(AxisRef first, AxisRef second)
    {
        inner.Tie(first, second);
        for (int i = 0; i < inner.Facts(first).Length; i++)
            Remember(first, i, second, i);
    }

    /// <inheritdoc/>
    public void Tie(AxisRef first, int firstIndex, AxisRef second, int secondIndex)
    {
        inner.Tie(first, firstIndex, second, secondIndex);
        Remember(first, firstIndex, second, secondIndex);
    }

    /// <inheritdoc/>
    public void Release(AxisRef axis)
    {
        inner.Release(axis);
        _claimed.Add(FromFront(axis));
    }

    /// <inheritdoc/>
    public void Balance(AxisRef axis, int blocks, AxisRef? within = null) => inner.Balance(axis, blocks, within);

    private void Remember(AxisRef first, int firstIndex, AxisRef second, int secondIndex)
    {
        _claimed.Add(FromFront(first));
        _claimed.Add(FromFront(second));
        _groups.Tie(ChannelOf(first, firstIndex), ChannelOf(second, secondIndex));
    }

    private int ChannelOf(AxisRef axis, int index)
    {
        (AxisRef, int) key = (FromFront(axis), index);
        if (!_channels.TryGetValue(key, out int channel))
            _channels[key] = channel = _groups.Add(removable: true);
        return channel;
    }
}
