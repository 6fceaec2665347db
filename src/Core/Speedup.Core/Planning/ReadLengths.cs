using Speedup.Abstractions;
using Speedup.Core.Propagation;

namespace Speedup.Core.Planning;

/// <summary>
/// A tensor of the model that code reads by itself, on several paths: where a longer loop reads more of it, a still longer one may read all
/// of it, so that it stays whole along that axis.
/// </summary>
internal static class ReadLengths
{
    private const string Reason = "how much of it is read depends on the size of the input";

    /// <summary>Keeps the axes of such tensors of which different paths use different indices.</summary>
    public static void Keep(OperatorGraph graph, PlanState state)
    {
        if (graph.Sizes.Parts.Count == 1)
            return;
        IEnumerable<IGrouping<int, GraphOperator>> tensors = graph
            .Operators.Where(op => op.Handler is ModelTensor && op.Output(0).Rank > 0)
            .GroupBy(op => op.KeyOf(AxisRef.OfParameter(((ModelTensor)op.Handler!).Name, 0)).Tensor);
        foreach (GraphOperator[] reads in tensors.Select(group => group.ToArray()).Where(reads => reads.Length > 1))
            for (int axis = 0; axis < reads[0].Output(0).Rank; axis++)
            {
                AxisFacts[] facts = [.. reads.Select(read => read.Output(0)[axis])];
                int[] indices = [.. Enumerable.Range(0, facts[0].Length)];
                if (!Array.TrueForAll(facts, fact => Array.TrueForAll(indices, i => fact.IsUsed(i) == facts[0].IsUsed(i))))
                    Array.ForEach(indices, i => state.Keep(reads[0], AxisRef.OfOutput(0, axis), i, KeepCause.SizeDependent, Reason));
            }
    }
}
