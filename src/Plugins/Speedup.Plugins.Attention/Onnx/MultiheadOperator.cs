using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Attention.Onnx;

/// <summary>Writes multi-head attention: queries, keys and values [time, batch, features], as the module takes them.</summary>
internal sealed class MultiheadOperator : OnnxModule<MultiheadAttention>
{
    /// <inheritdoc/>
    public override string? Limits => "`add_bias_kv`";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, MultiheadAttention module, IOnnxGraph graph)
    {
        if (call.FindParameter("bias_k") is not null)
            throw call.Refuse("adds a key and a value of its own");
        long heads = HeadCount.Find(module) ?? throw call.Refuse("does not tell its number of heads");
        (OnnxValue query, OnnxValue key, OnnxValue value) = (call.Tensors[0], call.Tensors[1], call.Tensors[2]);
        var block = new AttentionBlock(call, "", heads);
        OnnxValue? mask = block.MaskOf(call.FindTensor("attn_mask"), call.FindTensor("key_padding_mask"));
        (OnnxValue output, OnnxValue weights) = block.Attend(
            query,
            graph.Length(query, 0),
            key,
            value,
            graph.Length(key, 0),
            graph.Length(query, 1),
            mask
        );
        call.Return(output, graph.Reduce("ReduceMean", weights, [1], keeps: false));
    }
}
