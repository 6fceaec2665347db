using Speedup.Onnx.Proto;

namespace Speedup.Onnx.Graphs;

/// <summary>Gives the values that a graph returns the names of its outputs.</summary>
internal static class OutputNames
{
    /// <summary>Renames values; one that is an input, a tensor of the file or returned twice is copied.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="returned">The values that are returned, in the order of the outputs.</param>
    public static void Apply(OnnxGraph graph, IReadOnlyList<string> returned)
    {
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((OnnxPort output, string value) in graph.Outputs.Zip(returned))
        {
            NodeProto? maker = graph.Nodes.Find(node => node.Output.Contains(value));
            if (maker is not null && renamed.TryAdd(value, output.Name))
            {
                maker.Output[maker.Output.IndexOf(value)] = output.Name;
                continue;
            }
            string source = renamed.GetValueOrDefault(value, value);
            graph.Nodes.Add(
                new NodeProto
                {
                    OpType = "Identity",
                    Name = output.Name,
                    Input = { source },
                    Output = { output.Name },
                }
            );
        }
        graph.Rename(renamed);
    }
}
