namespace Speedup.Core.Graph;

/// <summary>Compares passes of one model on different inputs, call by call.</summary>
internal static class GraphComparison
{
    /// <summary>The first call from which on the code takes another path; null where it takes the same.</summary>
    /// <param name="graph">One pass.</param>
    /// <param name="other">Another.</param>
    /// <param name="sameValues">Whether the values of both are numbered alike, and calls on others are another path.</param>
    public static int? FindFork(ModelGraph graph, ModelGraph other, bool sameValues = true)
    {
        int count = Math.Min(graph.Nodes.Count, other.Nodes.Count);
        for (int i = 0; i < count; i++)
        {
            if (!AreSame(graph.Nodes[i], other.Nodes[i]) || (sameValues && !HaveSameValues(graph, graph.Nodes[i], other, other.Nodes[i])))
                return i;
        }
        return graph.Nodes.Count == other.Nodes.Count ? null : count;
    }

    /// <summary>Whether two calls, at the same place of two passes, were given other numbers.</summary>
    public static bool Differ(GraphNode node, GraphNode other) => FindDifferent(node, other).Any();

    /// <summary>Names of the arguments that were others.</summary>
    public static IEnumerable<string> FindDifferent(GraphNode node, GraphNode other) =>
        node
            .Arguments.Where(argument => !CallArguments.AreEqual(argument.Value, other.Arguments.GetValueOrDefault(argument.Key)))
            .Select(argument => argument.Key);

    private static bool AreSame(GraphNode node, GraphNode other) =>
        other.Kind == node.Kind && other.Method == node.Method && other.ModulePath == node.ModulePath;

    /// <summary>Whether both are on the same values, which have as many axes.</summary>
    private static bool HaveSameValues(ModelGraph graph, GraphNode node, ModelGraph otherGraph, GraphNode other) =>
        other.Inputs.SequenceEqual(node.Inputs)
        && other.Outputs.SequenceEqual(node.Outputs)
        && node.Outputs.All(id => graph.Values[id].Shape.Count == otherGraph.Values[id].Shape.Count);
}
