using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention.Onnx;

/// <summary>Writes <c>scaled_dot_product_attention</c>, with a mask or a causal one.</summary>
internal sealed class ScaledAttentionOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("scaled_dot_product_attention");

    /// <inheritdoc/>
    public override string? Limits => "dropout within it";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        (OnnxValue query, OnnxValue key, OnnxValue value) = (call.Tensors[0], call.Tensors[1], call.Tensors[2]);
        if (call.FindReal("p") is > 0)
            throw call.Refuse("drops weights by chance");
        OnnxValue? mask = call.FindTensor("attn_mask");
        if (call.Truth("is_casual") || call.Truth("is_causal"))
            mask = Causal(graph, query, key);
        long[] order = [.. Enumerable.Range(0, key.Rank).Select(axis => (long)axis)];
        (order[^1], order[^2]) = (order[^2], order[^1]);
        OnnxValue keys = graph.Transpose(key, order);
        call.Return(AttentionNodes.Attend(graph, query, keys, value, mask, graph.Length(query, -1)).Sums);
    }

    /// <summary>Truths on and below the diagonal.</summary>
    private static OnnxValue Causal(IOnnxGraph graph, OnnxValue query, OnnxValue key)
    {
        OnnxValue shape = graph.Numbers([graph.Length(query, -2), graph.Length(key, -2)]);
        OnnxValue all = graph.Add("Expand", [graph.Scalar(1, query.DType), shape]);
        return graph.Cast(graph.Add("Trilu", [all], ("upper", 0L)), ScalarType.Bool);
    }
}
