using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Attention.Onnx;

/// <summary>Writes sums of a tensor and a matrix product: <c>beta input + alpha a b</c>.</summary>
internal sealed class AddedProductFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("addmm");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue added = Scaled(graph, call.Tensors[0], call.FindReal("beta") ?? 1);
        OnnxValue product = Scaled(graph, graph.Add("MatMul", [call.Tensors[1], call.Tensors[2]]), call.FindReal("alpha") ?? 1);
        call.Return(graph.Add("Add", [added, product]));
    }

    private static OnnxValue Scaled(IOnnxGraph graph, OnnxValue value, double factor) =>
        factor == 1 ? value : graph.Add("Mul", [value, graph.Scalar(factor, value.DType)]);
}
