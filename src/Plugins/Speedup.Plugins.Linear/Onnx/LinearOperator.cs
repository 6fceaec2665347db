using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Linear.Onnx;

/// <summary>Writes linear layers and functions: <c>Gemm</c> for rows, a product and a sum for more axes.</summary>
internal sealed class LinearOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(TorchSharp.Modules.Linear)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("linear");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        OnnxValue weight = call.Module is null ? call.Tensors[1] : call.FindParameter("weight")!;
        OnnxValue? bias = call.Module is null ? call.FindTensor("bias") : call.FindParameter("bias");
        if (x.Rank == 2 && weight.Rank == 2)
        {
            call.Return(graph.Add("Gemm", [x, weight, bias], ("transB", 1L)));
            return;
        }
        OnnxValue columns = weight.Rank == 2 ? graph.Transpose(weight, 1, 0) : weight;
        OnnxValue product = graph.Add("MatMul", [x, columns]);
        call.Return(bias is null ? product : graph.Add("Add", [product, bias]));
    }
}
