using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape.Onnx;

/// <summary>Writes <c>flip</c> and <c>roll</c>.</summary>
internal sealed class OrderFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("flip", "fliplr", "flipud", "roll");

    /// <inheritdoc/>
    public override string? Limits => "`roll` without axes where lengths follow the input";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        long[] axes = call.Method.Name switch
        {
            "fliplr" => [1],
            "flipud" => [0],
            _ => [.. (call.FindFixedList("dims", "dim") ?? []).Select(axis => (long)x.Axis(axis))],
        };
        call.Return(call.Method.Name == "roll" ? Roll(call, graph, x, axes) : Flip(graph, x, axes));
    }

    private static OnnxValue Flip(IOnnxGraph graph, OnnxValue x, long[] axes)
    {
        long[] backward = [.. axes.Select(_ => -1L)];
        OnnxValue[] ends = [graph.Integers(backward), graph.Integers([.. axes.Select(_ => long.MinValue)])];
        return axes.Length == 0
            ? graph.Add("Identity", [x])
            : graph.Add("Slice", [x, ends[0], ends[1], graph.Integers(axes), graph.Integers(backward)]);
    }

    private static OnnxValue Roll(IOnnxCall call, IOnnxGraph graph, OnnxValue x, long[] axes)
    {
        long[] shifts = call.FindFixedList("shifts")!;
        if (axes.Length > 0)
            return axes.Zip(shifts).Aggregate(x, (value, pair) => Roll(graph, x, value, (int)pair.First, pair.Second));
        OnnxNumber[] shape = [.. Enumerable.Range(0, x.Rank).Select(axis => graph.Length(x, axis))];
        OnnxNumber count = shape.Aggregate((OnnxNumber)1L, graph.Product);
        if (!count.IsFixed)
            throw call.Refuse("rolls all elements, whose number follows the size of the input");
        return graph.Reshape(Rolled(graph, graph.Reshape(x, -1), 0, count.Value, shifts[0]), shape);
    }

    private static OnnxValue Roll(IOnnxGraph graph, OnnxValue x, OnnxValue value, int axis, long shift)
    {
        if (x.Shape[axis].IsFixed)
            return Rolled(graph, value, axis, x.Shape[axis].Value, shift);
        OnnxValue length = graph.NumberScalar(graph.Length(x, axis), ScalarType.Int64);
        OnnxValue split = graph.Unsqueeze(graph.Add("Mod", [graph.Scalar(-shift, ScalarType.Int64), length]), 0);
        var at = new OnnxNumber(0, split);
        return graph.Concat(axis, graph.Slice(value, axis, at, long.MaxValue), graph.Slice(value, axis, 0, at));
    }

    private static OnnxValue Rolled(IOnnxGraph graph, OnnxValue value, int axis, long length, long shift)
    {
        long at = length == 0 ? 0 : ((-shift % length) + length) % length;
        return at == 0
            ? graph.Add("Identity", [value])
            : graph.Concat(axis, graph.Slice(value, axis, at, long.MaxValue), graph.Slice(value, axis, 0, at));
    }
}
