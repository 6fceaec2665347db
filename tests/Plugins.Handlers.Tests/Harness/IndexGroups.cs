using Speedup.Abstractions;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>Indices that go together, as a union-find forest over (axis, index).</summary>
internal sealed class IndexGroups
{
    private readonly Dictionary<(AxisRef Axis, int Index), (AxisRef Axis, int Index)> _parents = [];

    public HashSet<AxisRef> Mentioned { get; } = [];

    public void Tie((AxisRef Axis, int Index) first, (AxisRef Axis, int Index) second)
    {
        Mentioned.Add(first.Axis);
        Mentioned.Add(second.Axis);
        _parents[Find(first)] = Find(second);
    }

    public (AxisRef Axis, int Index) Find((AxisRef Axis, int Index) member)
    {
        while (_parents.TryGetValue(member, out var parent) && parent != member)
            member = parent;
        return member;
    }
}
