using Speedup.Core.Graph;

namespace Speedup.Core.Propagation;

/// <summary>
/// Facts of weights that a forward computes. A value that functions without chance compute from tensors that no pass changes, with numbers that
/// depend on no size, is the same in every call: an index that holds one value now always does.
/// </summary>
internal static class FixedFacts
{
    /// <summary>Establishes them.</summary>
    /// <param name="graph">The operators.</param>
    /// <param name="withoutFacts">Ids of nodes of which nothing is inferred; null for none.</param>
    public static void Infer(OperatorGraph graph, IReadOnlySet<int>? withoutFacts)
    {
        var known = new HashSet<int>();
        foreach (GraphOperator op in graph.Operators)
        {
            GraphNode node = op.Node;
            if (
                node.Kind == NodeKind.ModelTensor
                && !graph.Graph.Written.Contains(node.Outputs[0])
                && withoutFacts?.Contains(node.Id) != true
            )
                known.Add(node.Outputs[0]);
            bool isFixed =
                node.Kind == NodeKind.Function
                && node.Inputs.Count > 0
                && node.Inputs.All(known.Contains)
                && op.Sizes is null
                && graph.Sizes.OthersOf(node.Id).Count == 0
                && withoutFacts?.Contains(node.Id) != true;
            if (!isFixed)
                continue;
            known.UnionWith(node.Outputs);
            foreach (int value in node.Outputs)
                Set(graph, value);
        }
    }

    private static void Set(OperatorGraph graph, int value)
    {
        if (!graph.Graph.Slices.TryGetValue(value, out double[][]? slices))
            return;
        foreach ((int axis, double[] held) in slices.Index())
            for (int i = 0; i < held.Length; i++)
                graph.Values[value][axis].SetConstant(i, held[i]); // NaN says nothing
    }
}
