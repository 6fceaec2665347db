using Speedup.Abstractions;
using Speedup.Core.Propagation;

namespace Speedup.Core.Planning;

/// <summary>Reports channels that their own layer could do without, but that are tied to others that carry information.</summary>
internal static class AlignedChannels
{
    /// <summary>Notes them for modules with parameters, and returns their axes.</summary>
    public static IReadOnlyList<AlignedAxis> Note(IEnumerable<OperatorView> operators, PlanState state)
    {
        var aligned = new List<AlignedAxis>();
        foreach (
            OperatorView op in operators.Where(op => op.Module is not null && op.Parameters?.Names.Any() == true && op.OutputCount == 1)
        )
            for (int axis = 0; axis < op.Output(0).Rank; axis++)
            {
                AxisRef reference = AxisRef.OfOutput(0, axis);
                AxisFacts facts = op.Facts(reference);
                bool any = false;
                for (int i = 0; (facts.AnyConstant || facts.AnyUnused) && i < facts.Length; i++)
                {
                    if (facts.IsNeeded(i) || state.IsRemoved(op.KeyOf(reference), i) || state.IsExplained(op.KeyOf(reference), i))
                        continue;
                    state.Note(op.Name, reference, i, KeepCause.Aligned, "goes together with channels elsewhere that stay");
                    any = true;
                }
                if (any)
                    aligned.Add(new AlignedAxis(op, axis));
            }
        return aligned;
    }
}
