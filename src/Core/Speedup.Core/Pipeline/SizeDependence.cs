using System.Collections;
using Speedup.Core.Graph;
using TorchSharp;

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
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            GraphNode node = graph.Nodes[i];
            GraphNode? same = i < other.Nodes.Count ? other.Nodes[i] : null;
            if (same is null || same.Kind != node.Kind || same.Method != node.Method || same.ModulePath != node.ModulePath)
                return Enumerable.Range(i, graph.Nodes.Count - i).Concat(Differing(graph, other, i));
        }
        return Differing(graph, other, graph.Nodes.Count);
    }

    private static IEnumerable<int> Differing(ModelGraph graph, ModelGraph other, int count) =>
        Enumerable.Range(0, count).Where(i => graph.Nodes[i].Arguments.Any(argument => Differs(argument, other.Nodes[i])));

    private static bool Differs(KeyValuePair<string, object?> argument, GraphNode other) =>
        !NumbersOf(argument.Value).SequenceEqual(NumbersOf(other.Arguments.GetValueOrDefault(argument.Key)));

    private static IEnumerable<double> NumbersOf(object? argument) =>
        argument switch
        {
            Scalar scalar => [scalar.ToDouble()],
            double or float or long or int => [Convert.ToDouble(argument, null)],
            string => [],
            IEnumerable items => items.Cast<object?>().SelectMany(NumbersOf),
            _ => [],
        };
}
