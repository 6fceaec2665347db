using Speedup.Abstractions;

namespace Speedup.TestKit.Handlers;

/// <summary>What a handler ties and releases: which indices go together, and which axes can change at all.</summary>
internal sealed class TiedIndices
{
    private readonly ChannelGroups _groups = new();
    private readonly Dictionary<(AxisRef Axis, int Index), int> _members = [];
    private readonly HashSet<AxisRef> _claimed = [];

    /// <summary>Lets two indices go together.</summary>
    public void Tie((AxisRef Axis, int Index) first, (AxisRef Axis, int Index) second)
    {
        Claim(first.Axis);
        Claim(second.Axis);
        _groups.Tie(MemberOf(first), MemberOf(second));
    }

    /// <summary>Lets an axis change.</summary>
    public void Claim(AxisRef axis) => _claimed.Add(axis);

    /// <summary>Whether an axis can change.</summary>
    public bool IsClaimed(AxisRef axis) => _claimed.Contains(axis);

    /// <summary>The number of the group of an index; it changes when more is tied.</summary>
    public int GroupOf((AxisRef Axis, int Index) place) => _groups.RootOf(MemberOf(place));

    /// <summary>All indices that were asked for and go together with one, itself included.</summary>
    public IReadOnlyList<(AxisRef Axis, int Index)> MembersWith((AxisRef Axis, int Index) place)
    {
        int group = GroupOf(place);
        return [.. _members.Where(other => _groups.RootOf(other.Value) == group).Select(other => other.Key)];
    }

    private int MemberOf((AxisRef Axis, int Index) place)
    {
        if (!_members.TryGetValue(place, out int member))
            _members[place] = member = _groups.Add(removable: true);
        return member;
    }
}
