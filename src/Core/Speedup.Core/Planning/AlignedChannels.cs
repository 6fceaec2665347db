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
                if (!facts.AnyConstant && !facts.AnyUnused)
                    continue;
                AxisKey key = op.KeyOf(reference);
                int[] tied =
                [
                    .. Enumerable
                        .Range(0, facts.Length)
                        .Where(i => !facts.IsNeeded(i) && !state.IsRemoved(key, i) && !state.IsExplained(key, i)),
                ];
                if (tied.Length == 0)
                    continue;
                state.Note(op.Name, reference, tied, KeepCause.Aligned, "goes together with channels elsewhere that stay");
                aligned.Add(new AlignedAxis(op, axis));
            }
        return aligned;
    }
}
