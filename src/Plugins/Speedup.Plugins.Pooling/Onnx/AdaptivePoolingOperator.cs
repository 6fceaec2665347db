using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Pooling.Onnx;

/// <summary>
/// Writes adaptive pooling. To one output an axis it is the whole of it; elsewhere, of an axis of fixed length, each output's window is a stretch of
/// its own: [floor(i n / m), ceil((i + 1) n / m)).
/// </summary>
internal sealed class AdaptivePoolingOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes =>
        [
            typeof(AdaptiveAvgPool1d),
            typeof(AdaptiveAvgPool2d),
            typeof(AdaptiveAvgPool3d),
            typeof(AdaptiveMaxPool1d),
            typeof(AdaptiveMaxPool2d),
            typeof(AdaptiveMaxPool3d),
        ];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } =
        KeysOf(
            "adaptive_avg_pool1d",
            "adaptive_avg_pool2d",
            "adaptive_avg_pool3d",
            "adaptive_max_pool1d",
            "adaptive_max_pool2d",
            "adaptive_max_pool3d"
        );

    /// <inheritdoc/>
    public override string? Limits => "several outputs along an axis whose length follows the input";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        string name = call.Module?.GetType().Name ?? call.Method.Name;
        int axes = name[^2] - '0';
        string reduction = name.Contains("Max", StringComparison.OrdinalIgnoreCase) ? "ReduceMax" : "ReduceMean";
        OnnxValue result = x;
        var whole = new List<long>();
        for (int axis = x.Rank - axes; axis < x.Rank; axis++)
        {
            OnnxLength length = call.Results[0].Shape[axis];
            if (length is { IsFixed: true, Value: 1 })
                whole.Add(axis);
            else if (length != x.Shape[axis] || !length.IsFixed)
                result = Stretches(call, graph, x, result, axis, reduction);
        }
        if (whole.Count > 0)
            result = graph.Reduce(reduction, result, [.. whole], keeps: true);
        call.Return(ReferenceEquals(result, x) ? graph.Add("Identity", [x]) : result);
    }

    /// <summary>Windows are averaged axis by axis, which is the same as all at once, since all windows of an axis are boxes.</summary>
    private static OnnxValue Stretches(IOnnxCall call, IOnnxGraph graph, OnnxValue x, OnnxValue value, int axis, string reduction)
    {
        (OnnxLength from, OnnxLength to) = (x.Shape[axis], call.Results[0].Shape[axis]);
        if (!from.IsFixed || !to.IsFixed)
            throw call.Refuse("pools an axis to several outputs whose windows follow the size of the input");
        (long n, long m) = (from.Value, to.Value);
        OnnxValue[] parts =
        [
            .. Enumerable
                .Range(0, (int)m)
                .Select(i => graph.Slice(value, axis, i * n / m, ((i + 1) * n + m - 1) / m))
                .Select(part => graph.Reduce(reduction, part, [axis], keeps: true)),
        ];
        return graph.Concat(axis, parts);
    }
}
