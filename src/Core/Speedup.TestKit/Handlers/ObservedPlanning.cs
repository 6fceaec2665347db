using Speedup.Abstractions;

namespace Speedup.TestKit.Handlers;

/// <summary>Passes on what a handler keeps, and remembers it.</summary>
internal sealed class ObservedPlanning(IPlanning inner, KeepLog keeps) : ObservedOperator(inner), IPlanning
{
    /// <inheritdoc/>
    public bool IsRemoved(AxisRef axis, int index) => inner.IsRemoved(axis, index);

    /// <inheritdoc/>
    public void Keep(AxisRef axis, int index, KeepCause cause, string reason)
    {
        inner.Keep(axis, index, cause, reason);
        keeps.Add(FromFront(axis), index, reason);
    }

    /// <inheritdoc/>
    public void Note(AxisRef axis, int index, KeepCause cause, string reason) => inner.Note(axis, index, cause, reason);
}
