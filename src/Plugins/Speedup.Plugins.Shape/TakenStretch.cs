using Speedup.Abstractions;

namespace Speedup.Plugins.Shape;

/// <summary>The rule of a stretch that is taken of an axis: what is outside of it is unused, and its bounds follow what is left.</summary>
/// <param name="Span">The stretch.</param>
internal sealed record TakenStretch(AxisSpan Span) : AxisRule
{
    public override void InferFromInput(IOperator op) => Span.InferFromInput(op);

    /// <summary>An index is unused where it is outside of the stretch, or the output's is unused.</summary>
    public override void InferFromOutput(IOperator op)
    {
        Span.InferFromOutput(op);
        AxisFacts input = op.Facts(Span.Input);
        for (int i = 0; i < input.Length; i++)
        {
            if (i < Span.InputStart || i >= Span.InputStart + Span.Length)
                input.SetUnused(i);
        }
    }

    /// <summary>Ties the stretch, and lets go of what is outside.</summary>
    public override void Relate(IRelations relations)
    {
        relations.Release(Span.Input);
        Span.Relate(relations);
    }
}
