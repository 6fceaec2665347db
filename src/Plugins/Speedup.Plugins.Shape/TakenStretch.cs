using Speedup.Abstractions;

namespace Speedup.Plugins.Shape;

/// <summary>The rules of a stretch that is taken of an axis: what is outside of it is unused, and its bounds follow what is left.</summary>
internal static class TakenStretch
{
    /// <summary>An index is unused where it is outside of the stretch, or the output's is unused.</summary>
    public static void InferFromOutput(AxisSpan span, IOperator op)
    {
        span.InferFromOutput(op);
        AxisFacts input = op.Facts(span.Input);
        for (int i = 0; i < input.Length; i++)
        {
            if (i < span.InputStart || i >= span.InputStart + span.Length)
                input.SetUnused(i);
        }
    }

    /// <summary>Ties the stretch, and lets go of what is outside.</summary>
    public static void Relate(AxisSpan span, IRelations relations)
    {
        relations.Release(span.Input);
        span.Relate(relations);
    }
}
