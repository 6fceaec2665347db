using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Shape.Onnx;

/// <summary>Writes <c>split</c>, <c>chunk</c>, <c>tensor_split</c> and <c>unbind</c>.</summary>
internal sealed class SplitFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("split", "chunk", "tensor_split", "unbind");

    /// <inheritdoc/>
    public override string? Limits => "parts whose lengths follow the input in another way than all by one rule; indices in a tensor";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        int axis = x.Axis(call.FindFixed("dim", "dimension") ?? 0);
        bool isUnbound = call.Method.Name == "unbind";
        if (call.Tensors.Count > 1)
            throw call.Refuse("is given the places in a tensor");
        OnnxValue[] parts = Split(call, graph, x, axis, isUnbound);
        call.Return([.. parts.Select(part => isUnbound ? graph.Squeeze(part, axis) : part)]);
    }

    private static OnnxValue[] Split(IOnnxCall call, IOnnxGraph graph, OnnxValue x, int axis, bool isUnbound)
    {
        int count = call.Results.Count;
        OnnxLength[] lengths = [.. call.Results.Select(result => isUnbound ? new OnnxLength(1, true) : result.Shape[axis])];
        if (Array.TrueForAll(lengths, length => length.IsFixed))
        {
            OnnxValue sizes = graph.Integers([.. lengths.Select(length => length.Value)]);
            return [.. graph.Add("Split", [x, sizes], [.. Enumerable.Repeat(x.DType, count)], [("axis", (long)axis)])];
        }
        if (call.Method.Name != "chunk" || lengths.Distinct().Count() > 1)
            throw call.Refuse("has parts whose lengths follow the size of the input");
        return [.. graph.Add("Split", [x], [.. Enumerable.Repeat(x.DType, count)], [("axis", (long)axis), ("num_outputs", (long)count)])];
    }
}
