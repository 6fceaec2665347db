using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;

namespace Speedup.Core.Search;

/// <summary>
/// Finds the axes on which the numbers that a call is given decide which indices go together: that of a slice or a roll, and not those beside
/// it. Where two calls with different numbers relate an axis in the same way, those numbers are not about it.
/// </summary>
internal static class NumberedRelations
{
    /// <summary>The axes of inputs and outputs that two calls of one function, with different numbers, relate otherwise.</summary>
    public static IEnumerable<AxisRef> FindDiffering(GraphOperator first, GraphOperator second)
    {
        if (first.Handler is null || second.Handler is null)
            return []; // nothing goes there
        Dictionary<AxisRef, string> one = Describe(first);
        Dictionary<AxisRef, string> other = Describe(second);
        return one.Keys.Union(other.Keys).Where(axis => one.GetValueOrDefault(axis) != other.GetValueOrDefault(axis));
    }

    /// <summary>What each axis is tied to, and how, in words that can be compared.</summary>
    private static Dictionary<AxisRef, string> Describe(GraphOperator op)
    {
        var collector = new RelationCollector(op);
        HandlerCall.Run(op, nameof(IOperatorHandler.Relate), () => op.Handler!.Relate(collector));
        ILookup<AxisKey, AxisRef> references = OperatorAxes.Values(op).ToLookup(op.KeyOf);
        var words = new Dictionary<AxisRef, List<string>>();
        foreach (AxisTie tie in collector.Ties)
        {
            string pairs = tie.Pairs is null ? "all" : string.Join(" ", tie.Pairs);
            foreach (AxisRef axis in references[tie.First])
            foreach (AxisRef partner in references[tie.Second])
            {
                Add(axis, $"{partner} {pairs}");
                Add(partner, $"{axis} {pairs}");
            }
        }
        return words.ToDictionary(entry => entry.Key, entry => string.Join("; ", entry.Value.Order(StringComparer.Ordinal)));

        void Add(AxisRef axis, string tie)
        {
            if (!words.TryGetValue(axis, out List<string>? ties))
                words[axis] = ties = [];
            ties.Add(tie);
        }
    }
}
