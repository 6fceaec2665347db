using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Attention.Onnx;

/// <summary>Writes <c>einsum</c>.</summary>
internal sealed class EinsumOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("einsum");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph) =>
        call.Return(graph.Add("Einsum", call.Tensors, ("equation", (string)call.FindArgument("equation")!)));
}
