using Speedup.Onnx.Proto;
using static TorchSharp.torch;

namespace Speedup.Onnx.Graphs;

/// <summary>A whole graph.</summary>
internal sealed record OnnxGraph
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The inputs.</summary>
    public required IReadOnlyList<OnnxPort> Inputs { get; init; }

    /// <summary>The outputs.</summary>
    public required IReadOnlyList<OnnxPort> Outputs { get; init; }

    /// <summary>The nodes, in order. They may be changed while the graph is folded.</summary>
    public required List<NodeProto> Nodes { get; init; }

    /// <summary>The tensors in the file, by name, on the processor and contiguous.</summary>
    public required OrderedDictionary<string, Tensor> Initializers { get; init; }

    /// <summary>How often each value is read, outputs of the graph included.</summary>
    public Dictionary<string, int> CountUses()
    {
        var uses = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string name in Nodes.SelectMany(node => node.Input).Concat(Outputs.Select(output => output.Name)))
            uses[name] = uses.GetValueOrDefault(name) + 1;
        return uses;
    }

    /// <summary>Lets all nodes read other values.</summary>
    /// <param name="names">The new name by the old one.</param>
    public void Rename(IReadOnlyDictionary<string, string> names)
    {
        foreach (NodeProto node in Nodes)
        {
            for (int i = 0; i < node.Input.Count; i++)
                node.Input[i] = NameOf(node.Input[i]);
        }

        string NameOf(string name)
        {
            while (names.TryGetValue(name, out string? other))
                name = other;
            return name;
        }
    }
}
