using Speedup.Onnx.Graphs;
using Speedup.Onnx.Proto;
using static TorchSharp.torch;

namespace Speedup.Onnx.Folding;

/// <summary>
/// Folds a BatchNorm into the convolution before it: with s = scale / sqrt(variance + eps), the filters are multiplied with s, and the bias becomes
/// (bias - mean) * s + shift. Computed in float64.
/// </summary>
internal static class BatchNormFolding
{
    /// <summary>Folds all that follow a convolution whose result nobody else reads.</summary>
    public static void Apply(OnnxGraph graph)
    {
        Dictionary<string, int> uses = graph.CountUses();
        Dictionary<string, NodeProto> makers = graph
            .Nodes.SelectMany(node => node.Output.Select(output => (output, node)))
            .ToDictionary(entry => entry.output, entry => entry.node, StringComparer.Ordinal);
        foreach (NodeProto norm in graph.Nodes.Where(node => node.OpType == "BatchNormalization").ToArray())
        {
            if (
                makers.TryGetValue(norm.Input[0], out NodeProto? convolution)
                && convolution.OpType == "Conv"
                && uses[norm.Input[0]] == 1
                && convolution.Input.Skip(1).All(weight => IsOwn(graph, uses, weight))
                && norm.Input.Skip(1).All(graph.Initializers.ContainsKey)
            )
                Fold(graph, convolution, norm);
        }
    }

    private static bool IsOwn(OnnxGraph graph, Dictionary<string, int> uses, string weight) =>
        graph.Initializers.ContainsKey(weight) && uses[weight] == 1;

    private static void Fold(OnnxGraph graph, NodeProto convolution, NodeProto norm)
    {
        Tensor[] statistics = [.. norm.Input.Skip(1).Select(name => graph.Initializers[name].to(ScalarType.Float64))];
        (Tensor scale, Tensor shift, Tensor mean, Tensor variance) = (statistics[0], statistics[1], statistics[2], statistics[3]);
        using Tensor eps = tensor((double)norm.Attribute.First(attribute => attribute.Name == "epsilon").F, ScalarType.Float64);
        Tensor factor = scale / (variance + eps).sqrt();
        Tensor weight = graph.Initializers[convolution.Input[1]];
        Tensor bias =
            convolution.Input.Count > 2 ? graph.Initializers[convolution.Input[2]].to(ScalarType.Float64) : mean.new_zeros(mean.shape);
        long[] rows = [weight.shape[0], .. Enumerable.Repeat(1L, (int)weight.dim() - 1)];
        graph.Initializers[convolution.Input[1]] = (weight.to(ScalarType.Float64) * factor.view(rows)).to(weight.dtype).contiguous();
        string biasName = convolution.Input.Count > 2 ? convolution.Input[2] : NameBeside(convolution.Input[1]);
        graph.Initializers[biasName] = ((bias - mean) * factor + shift).to(weight.dtype).contiguous();
        if (convolution.Input.Count == 2)
            convolution.Input.Add(biasName);
        convolution.Output[0] = norm.Output[0];
        graph.Nodes.Remove(norm);
    }

    private static string NameBeside(string weight) =>
        weight.EndsWith("weight", StringComparison.Ordinal) ? weight[..^"weight".Length] + "bias" : weight + ".bias";
}
