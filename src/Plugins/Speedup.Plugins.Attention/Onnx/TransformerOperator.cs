using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention.Onnx;

/// <summary>Writes transformers and their parts: [time, batch, features], each sublayer added and normalised (Vaswani et al. 2017, section 3.1).</summary>
internal sealed class TransformerOperator : IOnnxOperator
{
    private const double Eps = 1e-5;

    /// <inheritdoc/>
    public IReadOnlyList<Type> ModuleTypes =>
        [
            typeof(TransformerEncoderLayer),
            typeof(TransformerEncoder),
            typeof(TransformerDecoderLayer),
            typeof(TransformerDecoder),
            typeof(Transformer),
        ];

    /// <inheritdoc/>
    public string? Limits => "one whose number of heads and activation its results do not tell";

    /// <inheritdoc/>
    public void Emit(IOnnxCall call)
    {
        IOnnxGraph graph = call.Graph;
        TransformerOptions options =
            TransformerOptions.Find(call.Module!) ?? throw call.Refuse("does not tell its number of heads and its activation");
        OnnxValue x = call.Tensors[0];
        var first = new Stream(x, graph.Length(x, 0), graph.Length(x, 1));
        if (call.Module is TransformerEncoder or TransformerEncoderLayer)
        {
            call.Return(Encode(call, options, "", first));
            return;
        }
        OnnxValue y = call.Tensors[1];
        var second = new Stream(y, graph.Length(y, 0), graph.Length(y, 1));
        if (call.Module is Transformer)
        {
            OnnxValue encoded = Encode(call, options, "encoder.", first);
            (first, second) = (second, first with { Value = encoded });
        }
        call.Return(
            Run(
                call,
                options,
                call.Module is Transformer ? "decoder." : "",
                first,
                second,
                call.FindTensor("tgt_mask"),
                call.FindTensor("tgt_key_padding_mask"),
                call.FindTensor("memory_mask"),
                call.FindTensor("memory_key_padding_mask")
            )
        );
    }

    private static OnnxValue Encode(IOnnxCall call, TransformerOptions options, string prefix, Stream source) =>
        Run(call, options, prefix, source, null, call.FindTensor("src_mask"), call.FindTensor("src_key_padding_mask"), null, null);

    private static OnnxValue Run(
        IOnnxCall call,
        TransformerOptions options,
        string prefix,
        Stream own,
        Stream? memory,
        OnnxValue? mask,
        OnnxValue? padding,
        OnnxValue? memoryMask,
        OnnxValue? memoryPadding
    )
    {
        foreach (string layer in new TransformerParts(call.Module!).Layers.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            long heads = call.FindParameter($"{layer}norm1.weight")!.Shape[0].Value / options.HeadWidth;
            var attention = new AttentionBlock(call, $"{layer}self_attn.", heads);
            own = Add(call, own, Attend(attention, own, own, mask, padding), $"{layer}norm1");
            if (memory is not null)
            {
                var look = new AttentionBlock(call, $"{layer}multihead_attn.", heads);
                own = Add(call, own, Attend(look, own, memory, memoryMask, memoryPadding), $"{layer}norm2");
            }
            own = Add(call, own, Feed(call, options, layer, own.Value), memory is null ? $"{layer}norm2" : $"{layer}norm3");
        }
        return call.FindParameter($"{prefix}norm.weight") is null ? own.Value : Normalize(call, own.Value, $"{prefix}norm");
    }

    private static OnnxValue Attend(AttentionBlock block, Stream own, Stream other, OnnxValue? mask, OnnxValue? padding) =>
        block.Attend(own.Value, own.Time, other.Value, other.Value, other.Time, own.Batch, block.MaskOf(mask, padding)).Output;

    private static OnnxValue Feed(IOnnxCall call, TransformerOptions options, string layer, OnnxValue x)
    {
        OnnxValue hidden = Linear(call, x, $"{layer}linear1");
        OnnxValue active =
            options.Activation == nn.Activations.GELU
                ? call.Graph.Add("Gelu", [hidden], ("approximate", "none"))
                : call.Graph.Add("Relu", [hidden]);
        return Linear(call, active, $"{layer}linear2");
    }

    private static OnnxValue Linear(IOnnxCall call, OnnxValue x, string name)
    {
        OnnxValue product = call.Graph.Add("MatMul", [x, call.Graph.Transpose(call.FindParameter($"{name}.weight")!, 1, 0)]);
        return call.Graph.Add("Add", [product, call.FindParameter($"{name}.bias")!]);
    }

    private static Stream Add(IOnnxCall call, Stream own, OnnxValue more, string norm) =>
        own with
        {
            Value = Normalize(call, call.Graph.Add("Add", [own.Value, more]), norm),
        };

    private static OnnxValue Normalize(IOnnxCall call, OnnxValue x, string name) =>
        call.Graph.Add(
            "LayerNormalization",
            [x, call.FindParameter($"{name}.weight")!, call.FindParameter($"{name}.bias")],
            ("axis", -1L),
            ("epsilon", Eps)
        );

    /// <summary>A tensor [time, batch, features] between layers.</summary>
    private sealed record Stream(OnnxValue Value, OnnxNumber Time, OnnxNumber Batch);
}
