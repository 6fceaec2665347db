using Speedup.Abstractions;

namespace Speedup.TestKit.Handlers;

/// <summary>Passes on what a handler relates, and remembers it.</summary>
internal sealed class TieRecorder(IRelations inner) : ObservedOperator(inner), IRelations
{
    private readonly TiedIndices _ties = new();

    /// <summary>The engine's.</summary>
    public IRelations Inner => inner;

    /// <summary>Whether an axis was tied or released at all, and so can change.</summary>
    public bool IsClaimed(AxisRef axis) => _ties.IsClaimed(FromFront(axis));

    /// <summary>Whether an index of an axis that can change goes without an index of another.</summary>
    public bool AreApart(AxisRef first, int firstIndex, AxisRef second, int secondIndex) =>
        (IsClaimed(first) || IsClaimed(second)) && !AreTied(first, firstIndex, second, secondIndex);

    /// <summary>Whether two indices go together.</summary>
    public bool AreTied(AxisRef first, int firstIndex, AxisRef second, int secondIndex) =>
        _ties.GroupOf((FromFront(first), firstIndex)) == _ties.GroupOf((FromFront(second), secondIndex));

    /// <summary>All that goes together with an index, itself included.</summary>
    public IReadOnlyList<(AxisRef Axis, int Index)> GroupOf(AxisRef axis, int index) => _ties.MembersWith((FromFront(axis), index));

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
        _ties.Claim(FromFront(axis));
    }

    /// <inheritdoc/>
    public void Balance(AxisRef axis, int blocks, AxisRef? within = null) => inner.Balance(axis, blocks, within);

    private void Remember(AxisRef first, int firstIndex, AxisRef second, int secondIndex) =>
        _ties.Tie((FromFront(first), firstIndex), (FromFront(second), secondIndex));
}
