namespace Speedup.Abstractions;

/// <summary>Where a handler looks at what is to be removed around it and takes back what it cannot do without.</summary>
public interface IPlanning : IOperator
{
    /// <summary>Whether an index is to be removed as things stand. Indices only ever return, they never leave later on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis has no such index.</exception>
    bool IsRemoved(AxisRef axis, int index);

    /// <summary>Keeps an index and all that is tied to it.</summary>
    /// <param name="axis">An axis that the handler has tied or released.</param>
    /// <param name="index">The index to keep.</param>
    /// <param name="cause">Why.</param>
    /// <param name="reason">One sentence for the report.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis has no such index.</exception>
    void Keep(AxisRef axis, int index, KeepCause cause, string reason);

    /// <summary>
    /// Says in the report why an index stays that is no matter of the plan, because it shows in no input or output: a head of an
    /// attention module, say.
    /// </summary>
    /// <param name="axis">An axis of a parameter.</param>
    /// <param name="index">The index.</param>
    /// <param name="cause">Why.</param>
    /// <param name="reason">One sentence for the report.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis has no such index.</exception>
    void Note(AxisRef axis, int index, KeepCause cause, string reason);
}
