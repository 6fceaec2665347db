namespace Speedup.Abstractions;

/// <summary>
/// Where a handler says which indices of its tensors go together. An axis that it does not mention cannot change: whatever
/// others would like to remove there is kept, and the report names the operator.
/// </summary>
public interface IRelations : IOperator
{
    /// <summary>Ties index i of one axis to index i of another, for every i: they are removed together or not at all.</summary>
    /// <exception cref="ArgumentException">The axes have different lengths.</exception>
    void Tie(AxisRef first, AxisRef second);

    /// <summary>Ties one index to one other.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An axis has no such index.</exception>
    void Tie(AxisRef first, int firstIndex, AxisRef second, int secondIndex);

    /// <summary>Says that the operator can do without any constant or unused index of this axis, whatever happens elsewhere.</summary>
    void Release(AxisRef axis);

    /// <summary>
    /// Says that the axis consists of blocks of equal length, of which each must lose as many indices as the others. It is for who asks what
    /// can go before anything is masked; what is planned is <see cref="IOperatorHandler.Constrain"/>'s to say.
    /// </summary>
    /// <param name="axis">An axis that the handler has tied or released; its length is a multiple of <paramref name="blocks"/>.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="within">An axis of a parameter that counts within one block, as the input columns of a grouped convolution do; null for none.</param>
    void Balance(AxisRef axis, int blocks, AxisRef? within = null) { }
}
