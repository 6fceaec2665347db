using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Pooling.Onnx;

/// <summary>
/// Writes adaptive pooling. To one output an axis it is the whole of it; elsewhere each output's window is a stretch of its own, whose ends may follow
/// the size of the input: [floor(i n / m), ceil((i + 1) n / m)).
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
    public override string? Limits => "a number of outputs that follows the input";

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
        OnnxLength to = call.Results[0].Shape[axis];
        if (!to.IsFixed)
            throw call.Refuse("pools an axis to a number of outputs that follows the size of the input");
        OnnxNumber length = graph.Length(x, axis);
        OnnxValue[] parts =
        [
            .. Enumerable
                .Range(0, (int)to.Value)
                .Select(i =>
                    graph.Slice(value, axis, Share(graph, length, i, to.Value, 0), Share(graph, length, i + 1, to.Value, to.Value - 1))
                )
                .Select(part => graph.Reduce(reduction, part, [axis], keeps: true)),
        ];
        return graph.Concat(axis, parts);
    }

    /// <summary>The bound (i n + r) / m, rounded down.</summary>
    private static OnnxNumber Share(IOnnxGraph graph, OnnxNumber length, long i, long m, long r) =>
        graph.Quotient(graph.Sum(graph.Product(length, i), r), m);
}
