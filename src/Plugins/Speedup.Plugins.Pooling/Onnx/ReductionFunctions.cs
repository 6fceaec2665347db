using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Pooling.Onnx;

/// <summary>Writes reductions over some axes, or all.</summary>
internal sealed class ReductionFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } =
        KeysOf("sum", "mean", "amax", "amin", "prod", "var", "std", "logsumexp", "norm", "argmax", "argmin", "all", "any");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        ScalarType dtype = call.Results[0].DType;
        long[] axes = AxesOf(call);
        bool keeps = call.Truth("keepdim");
        string name = call.Method.Name;
        OnnxValue result = name switch
        {
            "sum" => graph.Reduce("ReduceSum", graph.Cast(x, dtype), axes, keeps),
            "mean" => graph.Reduce("ReduceMean", graph.Cast(x, dtype), axes, keeps),
            "amax" => graph.Reduce("ReduceMax", x, axes, keeps),
            "amin" => graph.Reduce("ReduceMin", x, axes, keeps),
            "prod" => graph.Reduce("ReduceProd", graph.Cast(x, dtype), axes, keeps),
            "logsumexp" => graph.Reduce("ReduceLogSumExp", graph.Cast(x, dtype), axes, keeps),
            "norm" => Norm(call, graph, x, axes, keeps),
            "argmax" or "argmin" => Position(graph, x, name == "argmax" ? "ArgMax" : "ArgMin", axes, keeps),
            "all" => Truth(graph, x, "ReduceMin", axes, keeps),
            "any" => Truth(graph, x, "ReduceMax", axes, keeps),
            _ => Variance(call, graph, x, axes, keeps),
        };
        call.Return(result);
    }

    private static long[] AxesOf(IOnnxCall call)
    {
        List<long> axes = [.. call.FindFixedList("dimensions", "dim", "dims", "axes", "axis", "dimension") ?? []];
        foreach (string name in new[] { "dim0", "dim1", "dim2" })
        {
            if (call.FindFixed(name) is { } axis)
                axes.Add(axis);
        }
        return [.. axes];
    }

    private static OnnxValue Position(IOnnxGraph graph, OnnxValue x, string type, long[] axes, bool keeps) =>
        axes.Length == 0
            ? graph.Squeeze(graph.AddTyped(type, ScalarType.Int64, [graph.Reshape(x, -1)], ("axis", 0L), ("keepdims", 1L)), 0)
            : graph.AddTyped(type, ScalarType.Int64, [x], ("axis", axes[0]), ("keepdims", keeps ? 1L : 0));

    private static OnnxValue Truth(IOnnxGraph graph, OnnxValue x, string type, long[] axes, bool keeps)
    {
        OnnxValue truths = graph.Cast(graph.Cast(x, ScalarType.Bool), ScalarType.Int32);
        return graph.Cast(graph.Reduce(type, truths, axes, keeps), ScalarType.Bool);
    }

    private static OnnxValue Norm(IOnnxCall call, IOnnxGraph graph, OnnxValue x, long[] axes, bool keeps)
    {
        double power = call.FindReal("p") ?? 2;
        if (power == 2)
            return graph.Reduce("ReduceL2", x, axes, keeps);
        if (power == 1)
            return graph.Reduce("ReduceL1", x, axes, keeps);
        OnnxValue powers = graph.Add("Pow", [graph.Add("Abs", [x]), graph.Scalar(power, x.DType)]);
        return graph.Add("Pow", [graph.Reduce("ReduceSum", powers, axes, keeps), graph.Scalar(1 / power, x.DType)]);
    }

    /// <summary>The mean of squared differences from the mean; without bias the sum over one less than their number.</summary>
    private static OnnxValue Variance(IOnnxCall call, IOnnxGraph graph, OnnxValue x, long[] axes, bool keeps)
    {
        OnnxValue difference = graph.Add("Sub", [x, graph.Reduce("ReduceMean", x, axes, keeps: true)]);
        OnnxValue result = graph.Reduce("ReduceMean", graph.Add("Mul", [difference, difference]), axes, keeps);
        if (call.Truth("unbiased", true))
        {
            IEnumerable<int> reduced = axes.Length == 0 ? Enumerable.Range(0, x.Rank) : axes.Select(x.Axis);
            OnnxNumber count = reduced.Select(axis => graph.Length(x, axis)).Aggregate((OnnxNumber)1L, graph.Product);
            OnnxValue factor = graph.Add(
                "Div",
                [graph.NumberScalar(count, x.DType), graph.NumberScalar(graph.Difference(count, 1), x.DType)]
            );
            result = graph.Add("Mul", [result, factor]);
        }
        return call.Method.Name == "std" ? graph.Add("Sqrt", [result]) : result;
    }
}
