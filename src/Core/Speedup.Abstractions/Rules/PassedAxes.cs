namespace Speedup.Abstractions;

/// <summary>
/// The rules of axes that an operator carries over from its input to its output without mixing their indices, but where it does
/// not keep constants constant: batch and position axes of a linear map.
/// </summary>
/// <param name="Axes">Axes from the front, the same in input and output.</param>
public sealed record PassedAxes(IReadOnlyList<int> Axes)
{
    /// <summary>All axes of the output but the last.</summary>
    public static PassedAxes AllButLast(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        return new PassedAxes([.. Enumerable.Range(0, op.Output(0).Rank - 1)]);
    }

    /// <summary>An unused output index makes the input index unused.</summary>
    public void InferFromOutput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        foreach (int axis in Axes)
        {
            AxisFacts output = op.Output(0)[axis];
            for (int i = 0; output.AnyUnused && i < output.Length; i++)
            {
                if (!output.IsUsed(i))
                    op.Input(0)[axis].SetUnused(i);
            }
        }
    }

    /// <summary>Ties each axis of the output to the same axis of the input.</summary>
    public void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        foreach (int axis in Axes)
            relations.Tie(AxisRef.OfInput(0, axis), AxisRef.OfOutput(0, axis));
    }
}
