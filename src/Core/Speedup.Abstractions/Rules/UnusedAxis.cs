namespace Speedup.Abstractions;

/// <summary>An axis of an input of which nothing is read: the operator takes the input's shape or type, and not what it holds.</summary>
/// <param name="Axis">The axis.</param>
public sealed record UnusedAxis(AxisRef Axis) : AxisRule
{
    /// <summary>All axes of an input.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="position">Position of the input.</param>
    public static IEnumerable<UnusedAxis> AllOf(IOperator op, int position)
    {
        ArgumentNullException.ThrowIfNull(op);
        return Enumerable.Range(0, op.Input(position).Rank).Select(axis => new UnusedAxis(AxisRef.OfInput(position, axis)));
    }

    /// <summary>Each index is unused.</summary>
    public override void InferFromOutput(IOperator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        AxisFacts facts = op.Facts(Axis);
        for (int i = 0; i < facts.Length; i++)
            facts.SetUnused(i);
    }

    /// <summary>Says that the axis can change.</summary>
    public override void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        relations.Release(Axis);
    }
}
