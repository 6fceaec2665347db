using Speedup.Onnx.Graphs;
using Speedup.Onnx.Proto;

namespace Speedup.Onnx.Folding;

/// <summary>Takes out nodes that hand on what they read.</summary>
internal static class Identities
{
    /// <summary>Lets readers of such a node read what it reads. One that makes an output of the graph stays.</summary>
    public static void Remove(OnnxGraph graph)
    {
        var outputs = graph.Outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        NodeProto[] found = [.. graph.Nodes.Where(node => node.OpType == "Identity" && !outputs.Contains(node.Output[0]))];
        graph.Rename(found.ToDictionary(node => node.Output[0], node => node.Input[0], StringComparer.Ordinal));
        foreach (NodeProto node in found)
            graph.Nodes.Remove(node);
    }
}
