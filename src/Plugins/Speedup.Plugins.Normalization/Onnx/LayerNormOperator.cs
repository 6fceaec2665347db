using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Normalization.Onnx;

/// <summary>Writes layer normalization over the last axes.</summary>
internal sealed class LayerNormOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(LayerNorm)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("layer_norm");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        var module = call.Module as LayerNorm;
        long[] shape = module?.normalized_shape ?? call.FindFixedList("normalized_shape")!;
        OnnxValue? weight = module is null ? call.FindTensor("weight") : call.FindParameter("weight");
        OnnxValue? bias = module is null ? call.FindTensor("bias") : call.FindParameter("bias");
        if (weight is null)
        {
            using Tensor filled = ones(shape, dtype: x.DType);
            weight = graph.Constant(filled);
        }
        double eps = module?.eps ?? call.FindReal("eps") ?? 1e-5;
        call.Return(graph.Add("LayerNormalization", [x, weight, bias], ("axis", (long)(x.Rank - shape.Length)), ("epsilon", eps)));
    }
}
