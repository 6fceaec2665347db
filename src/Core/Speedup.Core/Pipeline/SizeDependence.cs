using Speedup.Core.Graph;

namespace Speedup.Core.Pipeline;

/// <summary>
/// Finds calls that do something else at another input size: they are given another number (<c>x * x.shape[2]</c>), or the code takes another
/// path from there on. A constant that goes in is then another constant at each size, and can be folded into none.
/// </summary>
internal static class SizeDependence
{
    /// <summary>Ids of the calls of a graph that differ in a graph of the same model at another size.</summary>
    public static IEnumerable<int> Find(ModelGraph graph, ModelGraph other)
    {
        int fork = FindFork(graph, other) ?? graph.Nodes.Count;
        return Differing(graph, other, fork).Concat(Enumerable.Range(fork, graph.Nodes.Count - fork));
    }

    /// <summary>The first call from which on the code takes another path; null where it takes the same.</summary>
    public static int? FindFork(ModelGraph graph, ModelGraph other)
    {
        int count = Math.Min(graph.Nodes.Count, other.Nodes.Count);
        int fork = Enumerable.Range(0, count).FirstOrDefault(i => !AreSame(graph.Nodes[i], other.Nodes[i]), count);
        return fork == count && graph.Nodes.Count == other.Nodes.Count ? null : fork;
    }

    private static bool AreSame(GraphNode node, GraphNode other) =>
        other.Kind == node.Kind && other.Method == node.Method && other.ModulePath == node.ModulePath;

    private static IEnumerable<int> Differing(ModelGraph graph, ModelGraph other, int count) =>
        Enumerable
            .Range(0, count)
            .Where(i =>
                graph
                    .Nodes[i]
                    .Arguments.Any(argument =>
                        !CallArguments.AreEqual(argument.Value, other.Nodes[i].Arguments.GetValueOrDefault(argument.Key))
                    )
            );
}
