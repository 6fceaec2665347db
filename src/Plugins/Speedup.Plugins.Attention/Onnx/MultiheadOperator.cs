using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Attention.Onnx;

/// <summary>Writes multi-head attention: queries, keys and values [time, batch, features], as the module takes them.</summary>
internal sealed class MultiheadOperator : OnnxModule<MultiheadAttention>
{
    /// <inheritdoc/>
    public override string? Limits => "`add_bias_kv` and `add_zero_attn`";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, MultiheadAttention module, IOnnxGraph graph)
    {
        if (call.FindParameter("bias_k") is not null)
            throw call.Refuse("adds a key and a value of its own");
        (OnnxValue query, OnnxValue key, OnnxValue value) = (call.Tensors[0], call.Tensors[1], call.Tensors[2]);
        OnnxValue output = call.FindParameter("out_proj.weight")!;
        long width = output.Shape[0].Value;
        long heads = HeadCount.Find(module) ?? throw call.Refuse("does not tell its number of heads");
        OnnxValue[] weights = WeightsOf(call, graph);
        OnnxValue?[] biases = BiasesOf(call, graph);
        OnnxNumber batch = graph.Length(query, 1);
        OnnxValue queries = Heads(graph, query, weights[0], biases[0], heads, width / heads, [1, 2, 0, 3]);
        OnnxValue keys = Heads(graph, key, weights[1], biases[1], heads, width / heads, [1, 2, 3, 0]);
        OnnxValue values = Heads(graph, value, weights[2], biases[2], heads, width / heads, [1, 2, 0, 3]);
        (OnnxValue sums, OnnxValue shares) = AttentionNodes.Attend(
            graph,
            queries,
            keys,
            values,
            MaskOf(call, graph, query, heads),
            width / heads
        );
        OnnxValue joined = graph.Reshape(graph.Transpose(sums, 2, 0, 1, 3), graph.Length(query, 0), batch, width);
        OnnxValue projected = graph.Add("MatMul", [joined, graph.Transpose(output, 1, 0)]);
        if (call.FindParameter("out_proj.bias") is { } bias)
            projected = graph.Add("Add", [projected, bias]);
        call.Return(projected, graph.Reduce("ReduceMean", shares, [1], keeps: false));
    }

    private static OnnxValue[] WeightsOf(IOnnxCall call, IOnnxGraph graph) =>
        call.FindParameter("in_proj_weight") is { } all
            ? [.. graph.Add("Split", [all], [all.DType, all.DType, all.DType], [("axis", 0L), ("num_outputs", 3L)])]
            : [call.FindParameter("q_proj_weight")!, call.FindParameter("k_proj_weight")!, call.FindParameter("v_proj_weight")!];

    private static OnnxValue?[] BiasesOf(IOnnxCall call, IOnnxGraph graph) =>
        call.FindParameter("in_proj_bias") is { } all
            ? [.. graph.Add("Split", [all], [all.DType, all.DType, all.DType], [("axis", 0L), ("num_outputs", 3L)])]
            : [null, null, null];

    /// <summary>Projects [time, batch, features] to [time, batch, heads, width of a head], and reorders that.</summary>
    private static OnnxValue Heads(IOnnxGraph graph, OnnxValue x, OnnxValue weight, OnnxValue? bias, long heads, long width, long[] order)
    {
        OnnxValue projected = graph.Add("MatMul", [x, graph.Transpose(weight, 1, 0)]);
        if (bias is not null)
            projected = graph.Add("Add", [projected, bias]);
        OnnxValue apart = graph.Reshape(projected, graph.Length(x, 0), graph.Length(x, 1), heads, width);
        return graph.Transpose(apart, order);
    }

    /// <summary>Both masks as one that is added to scores [batch, heads, targets, sources]. Truths forbid here.</summary>
    private static OnnxValue? MaskOf(IOnnxCall call, IOnnxGraph graph, OnnxValue query, long heads)
    {
        OnnxValue? mask = null;
        if (call.FindTensor("attn_mask") is { } scores)
        {
            mask = AttentionNodes.Additive(graph, scores, query.DType, allows: false);
            if (scores.Rank == 3)
                mask = graph.Reshape(mask, -1, heads, graph.Length(scores, 1), graph.Length(scores, 2));
        }
        if (call.FindTensor("key_padding_mask") is not { } padding)
            return mask;
        OnnxValue hidden = graph.Unsqueeze(AttentionNodes.Additive(graph, padding, query.DType, allows: false), 1, 2);
        return mask is null ? hidden : graph.Add("Add", [mask, hidden]);
    }
}
