using Speedup.Abstractions;
using Speedup.Core.Propagation;

namespace Speedup.Core.Planning;

/// <summary>Reports channels that their own layer could do without, but that are tied to others that carry information.</summary>
internal static class AlignedChannels
{
    /// <summary>Notes them for modules with parameters, and returns their axes.</summary>
    public static IReadOnlyList<AlignedAxis> Note(IReadOnlyCollection<GraphOperator> operators, PlanState state)
    {
        var holders = new Lazy<Dictionary<int, List<GraphOperator>>>(() => FindHolders(operators, state));
        var aligned = new List<AlignedAxis>();
        var found = new List<(AxisKey, int, KeptReason)>();
        foreach (
            GraphOperator op in operators.Where(op => op.Module is not null && op.Parameters?.Names.Any() == true && op.OutputCount == 1)
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
                        .Where(i => !facts.IsNeeded(i) && !state.IsRemoved(key, i) && !state.IsExplained(key, i) && state.IsMasked(key, i)),
                ];
                if (tied.Length == 0)
                    continue;
                foreach (IGrouping<string, int> channels in tied.GroupBy(i => Reason(op, facts, i, state.GroupOf(key, i), holders.Value)))
                {
                    state.Note(op.Name, reference, [.. channels], KeepCause.Aligned, channels.Key);
                    found.AddRange(channels.Select(i => (key, i, new KeptReason(op.Name, KeepCause.Aligned, channels.Key))));
                }
                aligned.Add(new AlignedAxis(op, axis));
            }
        foreach ((AxisKey key, int index, KeptReason reason) in found) // not before all axes have their lines
            state.Explain(key, index, reason);
        return aligned;
    }

    private static string Reason(GraphOperator op, AxisFacts facts, int index, int? group, Dictionary<int, List<GraphOperator>> holders)
    {
        GraphOperator? holder =
            group is { } known && holders.TryGetValue(known, out List<GraphOperator>? all)
                ? all.Find(other => other.Node.Id > op.Node.Id) ?? all[0]
                : null;
        string constant =
            facts.IsConstant(index) && facts.ConstantAt(index) != 0
                ? "; masked as they are, they still yield constants, as an unmasked bias is"
                : "";
        return $"goes together with channels of {holder?.Name ?? "others"} that stay{constant}";
    }

    /// <summary>For each group the operators, in the order of their calls, whose outputs need an index of it.</summary>
    private static Dictionary<int, List<GraphOperator>> FindHolders(IEnumerable<GraphOperator> operators, PlanState state)
    {
        var holders = new Dictionary<int, List<GraphOperator>>();
        foreach (GraphOperator op in operators)
            for (int position = 0; position < op.OutputCount; position++)
            for (int axis = 0; axis < op.Output(position).Rank; axis++)
            {
                AxisFacts facts = op.Output(position)[axis];
                AxisKey key = op.KeyOf(AxisRef.OfOutput(position, axis));
                for (int i = 0; i < facts.Length && state.GroupOf(key, i) is { } group; i++)
                {
                    if (!facts.IsNeeded(i))
                        continue;
                    if (!holders.TryGetValue(group, out List<GraphOperator>? all))
                        holders[group] = all = [];
                    if (all.Count == 0 || !ReferenceEquals(all[^1], op))
                        all.Add(op);
                }
            }
        return holders;
    }
}
