using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape.Onnx;

/// <summary>Writes <c>sort</c> and <c>topk</c> as <c>TopK</c>, and sums along an axis as <c>CumSum</c>.</summary>
internal sealed class SortFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("sort", "topk", "cumsum", "argsort");

    /// <inheritdoc/>
    public override string? Limits => "the order of positions of equal numbers";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        long axis = x.Axis(call.FindFixed("dim") ?? -1);
        if (call.Method.Name.StartsWith("cumsum", StringComparison.Ordinal))
        {
            call.Return(graph.Add("CumSum", [graph.Cast(x, call.Results[0].DType), graph.Scalar(axis, ScalarType.Int64)]));
            return;
        }
        bool isTop = call.Method.Name == "topk";
        OnnxNumber count = isTop ? call.Number("k") : graph.Length(x, (int)axis);
        bool isLargest = isTop ? call.Truth("largest", true) : call.Truth("descending");
        IReadOnlyList<OnnxValue> sorted = graph.Add(
            "TopK",
            [x, graph.Numbers([count])],
            [x.DType, ScalarType.Int64],
            [("axis", axis), ("largest", isLargest ? 1L : 0), ("sorted", 1L)]
        );
        call.Return(call.Method.Name == "argsort" ? [sorted[1]] : sorted);
    }
}
