using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Shape.Onnx;

/// <summary>Writes functions that add, take out or reorder axes.</summary>
internal sealed class AxisFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } =
        KeysOf(
            "squeeze",
            "unsqueeze",
            "permute",
            "transpose",
            "swapaxes",
            "swapdims",
            "t",
            "get_T",
            "get_mT",
            "movedim",
            "moveaxis",
            "adjoint"
        );

    /// <inheritdoc/>
    public override string? Limits => "`squeeze` of all axes where one has length one at some sizes only";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        call.Return(
            call.Method.Name.TrimEnd('_') switch
            {
                "unsqueeze" => graph.Unsqueeze(x, call.Fixed("dim")),
                "squeeze" => Squeeze(call, graph, x),
                "permute" => graph.Transpose(x, [.. call.FindFixedList("permutation", "dims")!.Select(axis => (long)x.Axis(axis))]),
                "transpose" or "swapaxes" or "swapdims" => Swap(graph, x, call.Fixed("dim0", "axis0"), call.Fixed("dim1", "axis1")),
                "movedim" or "moveaxis" => Move(call, graph, x),
                "get_mT" or "adjoint" => Swap(graph, x, -2, -1),
                _ => graph.Transpose(x, [.. Enumerable.Range(0, x.Rank).Reverse().Select(axis => (long)axis)]),
            }
        );
    }

    private static OnnxValue Squeeze(IOnnxCall call, IOnnxGraph graph, OnnxValue x)
    {
        if (call.FindFixed("dim") is { } axis)
            return x.Rank > 0 && x.Shape[x.Axis(axis)] is { IsFixed: true, Value: 1 } ? graph.Squeeze(x, axis) : graph.Add("Identity", [x]);
        if (x.Shape.Any(length => length is { IsFixed: false, Value: 1 }))
            throw call.Refuse("takes out an axis that is longer than one at other sizes");
        return graph.Squeeze(x, [.. x.Shape.Index().Where(entry => entry.Item.Value == 1).Select(entry => (long)entry.Index)]);
    }

    private static OnnxValue Swap(IOnnxGraph graph, OnnxValue x, long first, long second)
    {
        long[] order = [.. Enumerable.Range(0, x.Rank).Select(axis => (long)axis)];
        if (order.Length == 0)
            return graph.Add("Identity", [x]);
        (order[x.Axis(first)], order[x.Axis(second)]) = (order[x.Axis(second)], order[x.Axis(first)]);
        return graph.Transpose(x, order);
    }

    private static OnnxValue Move(IOnnxCall call, IOnnxGraph graph, OnnxValue x)
    {
        int[] sources = [.. call.FindFixedList("source")!.Select(x.Axis)];
        int[] targets = [.. call.FindFixedList("destination")!.Select(x.Axis)];
        var rest = new Queue<int>(Enumerable.Range(0, x.Rank).Except(sources));
        long[] order =
        [
            .. Enumerable
                .Range(0, x.Rank)
                .Select(axis => (long)(targets.Contains(axis) ? sources[Array.IndexOf(targets, axis)] : rest.Dequeue())),
        ];
        return graph.Transpose(x, order);
    }
}
