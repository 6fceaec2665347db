using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Linear.Onnx;

/// <summary>Writes bilinear layers and functions as <c>Einsum</c>.</summary>
internal sealed class BilinearOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(TorchSharp.Modules.Bilinear)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("bilinear");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue weight = call.Module is null ? call.Tensors[2] : call.FindParameter("weight")!;
        OnnxValue? bias = call.Module is null ? call.FindTensor("bias") : call.FindParameter("bias");
        OnnxValue product = graph.Add("Einsum", [call.Tensors[0], weight, call.Tensors[1]], ("equation", "...i,oij,...j->...o"));
        call.Return(bias is null ? product : graph.Add("Add", [product, bias]));
    }
}
