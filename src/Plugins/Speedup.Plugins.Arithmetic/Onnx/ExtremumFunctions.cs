using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Arithmetic.Onnx;

/// <summary>Writes <c>max</c> and <c>min</c>: of two tensors, of all elements, or along an axis with positions.</summary>
internal sealed class ExtremumFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("max", "min");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        bool isMax = call.Method.Name == "max";
        OnnxValue x = call.Tensors[0];
        if (call.Tensors.Count == 2)
        {
            ScalarType dtype = call.Results[0].DType;
            call.Return(graph.Add(isMax ? "Max" : "Min", [graph.Cast(x, dtype), graph.Cast(call.Tensors[1], dtype)]));
            return;
        }
        string reduction = isMax ? "ReduceMax" : "ReduceMin";
        if (call.FindFixed("dim") is not { } axis)
        {
            call.Return(graph.Reduce(reduction, x, [], keeps: false));
            return;
        }
        bool keeps = call.Truth("keepdim");
        OnnxValue positions = graph.AddTyped(
            isMax ? "ArgMax" : "ArgMin",
            ScalarType.Int64,
            [x],
            ("axis", axis),
            ("keepdims", keeps ? 1L : 0)
        );
        call.Return(graph.Reduce(reduction, x, [axis], keeps), positions);
    }
}
