using Speedup.Onnx.Graphs;
using Speedup.Onnx.Proto;

namespace Speedup.Onnx.Folding;

/// <summary>Takes out what no output depends on.</summary>
internal static class UnusedNodes
{
    /// <summary>Takes nodes and tensors out of a graph.</summary>
    public static void Remove(OnnxGraph graph)
    {
        var needed = graph.Outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            NodeProto node = graph.Nodes[i];
            if (node.Output.Any(needed.Contains))
                needed.UnionWith(node.Input);
            else
                graph.Nodes.RemoveAt(i);
        }
        foreach (string name in graph.Initializers.Keys.Where(name => !needed.Contains(name)).ToArray())
            graph.Initializers.Remove(name);
    }
}
