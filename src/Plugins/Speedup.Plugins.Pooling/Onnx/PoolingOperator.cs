using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Pooling.Onnx;

/// <summary>Writes pooling by maximum, by average and by norm.</summary>
internal sealed class PoolingOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes =>
        [
            typeof(MaxPool1d),
            typeof(MaxPool2d),
            typeof(MaxPool3d),
            typeof(AvgPool1d),
            typeof(AvgPool2d),
            typeof(AvgPool3d),
            typeof(LPPool1d),
            typeof(LPPool2d),
        ];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } =
        KeysOf("max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d", "lp_pool1d", "lp_pool2d");

    /// <inheritdoc/>
    public override string? Limits => "averages with a divisor of their own and padding or `ceil_mode`";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        string name = (call.Module?.GetType().Name ?? call.Method.Name.Replace("_", "", StringComparison.Ordinal)).ToUpperInvariant();
        int axes = name[^2] - '0';
        OnnxValue x = call.Tensors[0];
        bool isBatch = x.Rank == axes + 2;
        OnnxValue whole = isBatch ? x : graph.Unsqueeze(x, 0);
        PoolWindow window = PoolWindow.Of(call, axes);
        OnnxValue result = name[0] switch
        {
            'M' => graph.Add("MaxPool", [whole], [.. window.Attributes, ("dilations", window.Dilation)]),
            'A' => Average(call, graph, whole, window),
            _ => Norm(call, graph, whole, window),
        };
        call.Return(isBatch ? result : graph.Squeeze(result, 0));
    }

    private static OnnxValue Average(IOnnxCall call, IOnnxGraph graph, OnnxValue x, PoolWindow window)
    {
        bool counts = call.Module is { } module
            ? module.GetType().GetProperty("count_include_pad")?.GetValue(module) is true
            : call.Truth("count_include_pad", true);
        long? divisor = call.Module switch
        {
            AvgPool2d pool => pool.divisor_override,
            AvgPool3d pool => pool.divisor_override,
            _ => call.FindFixed("divisor_override"),
        };
        bool isPlain = window.Padding.All(pad => pad == 0) && !window.Ceil;
        if (divisor is > 0 && !isPlain)
            throw call.Refuse("divides by a number of its own, which ONNX does not know where a window reaches beyond the end");
        OnnxValue average = graph.Add("AveragePool", [x], [.. window.Attributes, ("count_include_pad", counts ? 1L : 0)]);
        if (divisor is not > 0)
            return average;
        double factor = window.Kernel.Aggregate(1.0, (product, length) => product * length) / divisor.Value;
        return graph.Add("Mul", [average, graph.Scalar(factor, x.DType)]);
    }

    /// <summary>The p-th root of the sum of p-th powers: an average times the number of its elements.</summary>
    private static OnnxValue Norm(IOnnxCall call, IOnnxGraph graph, OnnxValue x, PoolWindow window)
    {
        double power = call.Module switch
        {
            LPPool1d pool => pool.norm_type,
            LPPool2d pool => pool.norm_type,
            _ => call.FindReal("norm_type") ?? 2,
        };
        if (window.Ceil)
            throw call.Refuse("has ceil_mode, where TorchSharp and ONNX count the elements of the last window otherwise");
        OnnxValue powers = graph.Add("Pow", [x, graph.Scalar(power, x.DType)]);
        OnnxValue average = graph.Add("AveragePool", [powers], [.. window.Attributes]);
        double count = window.Kernel.Aggregate(1.0, (product, length) => product * length);
        OnnxValue sum = graph.Add("Mul", [average, graph.Scalar(count, x.DType)]);
        OnnxValue signed = graph.Add("Mul", [graph.Add("Sign", [sum]), graph.Add("Relu", [graph.Add("Abs", [sum])])]);
        return graph.Add("Pow", [signed, graph.Scalar(1 / power, x.DType)]);
    }
}
