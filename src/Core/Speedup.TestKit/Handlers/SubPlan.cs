using Speedup.Abstractions;

namespace Speedup.TestKit.Handlers;

/// <summary>What would be left of a call if some of what goes stayed, or an untied axis went with another one.</summary>
/// <param name="inner">What is left in the engine's plan.</param>
internal sealed class SubPlan(IReplacement inner) : ObservedOperator(inner), IReplacement
{
    private readonly HashSet<(AxisRef Axis, int Index)> _stays = [];
    private readonly Dictionary<AxisRef, AxisRef> _follows = [];

    /// <summary>Lets indices stay.</summary>
    public void Restore(IEnumerable<(AxisRef Axis, int Index)> places) => _stays.UnionWith(places);

    /// <summary>Lets an axis lose what another one loses.</summary>
    public void Follow(AxisRef axis, AxisRef other) => _follows[axis] = other;

    /// <inheritdoc/>
    public IReadOnlyList<int> Kept(AxisRef axis)
    {
        AxisRef at = FromFront(axis);
        if (_follows.TryGetValue(at, out AxisRef other))
            return Kept(other);
        IReadOnlyList<int> kept = inner.Kept(at);
        return _stays.Count == 0
            ? kept
            : [.. kept.Concat(_stays.Where(place => place.Axis == at).Select(place => place.Index)).Distinct().Order()];
    }

    /// <inheritdoc/>
    public double FoldedConstant(AxisRef axis, int index) =>
        _stays.Contains((FromFront(axis), index)) ? 0 : inner.FoldedConstant(axis, index);
}
