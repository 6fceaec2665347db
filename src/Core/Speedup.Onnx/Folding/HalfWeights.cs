using Speedup.Onnx.Abstractions;
using Speedup.Onnx.Graphs;
using Speedup.Onnx.Proto;
using static TorchSharp.torch;

namespace Speedup.Onnx.Folding;

/// <summary>Stores real weights as 16-bit numbers, each with a node that makes it what it was.</summary>
internal static class HalfWeights
{
    private const long Fewest = 64;

    /// <summary>Converts the larger weights of a graph.</summary>
    public static void Apply(OnnxGraph graph)
    {
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        var casts = new List<NodeProto>();
        foreach ((string name, Tensor weight) in graph.Initializers.ToArray())
        {
            if (weight.numel() < Fewest || weight.dtype is not (ScalarType.Float32 or ScalarType.Float64))
                continue;
            graph.Initializers[name] = weight.to(ScalarType.Float16);
            string full = $"{name}/Cast";
            renamed[name] = full;
            var to = new OnnxAttribute("to", OnnxTypes.CodeOf(weight.dtype));
            casts.Add(
                new NodeProto
                {
                    OpType = "Cast",
                    Name = full,
                    Input = { name },
                    Output = { full },
                    Attribute = { Attributes.Of(to) },
                }
            );
        }
        graph.Rename(renamed);
        graph.Nodes.InsertRange(0, casts);
    }
}
