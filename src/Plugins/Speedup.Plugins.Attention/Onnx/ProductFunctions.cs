using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Attention.Onnx;

/// <summary>Writes matrix products.</summary>
internal sealed class ProductFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("matmul", "mm", "bmm", "mv", "dot");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph) => call.Return(graph.Add("MatMul", [call.Tensors[0], call.Tensors[1]]));
}
