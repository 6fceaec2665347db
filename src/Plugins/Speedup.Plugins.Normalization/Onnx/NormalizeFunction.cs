using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Normalization.Onnx;

/// <summary>Writes <c>normalize</c>: x / max(norm, eps) along an axis.</summary>
internal sealed class NormalizeFunction : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("normalize");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        double power = call.FindReal("p") ?? 2;
        long[] axes = [call.FindFixed("dim") ?? 1];
        OnnxValue norm = power switch
        {
            2 => graph.Reduce("ReduceL2", x, axes, keeps: true),
            1 => graph.Reduce("ReduceL1", x, axes, keeps: true),
            _ => Root(graph, x, power, axes),
        };
        call.Return(graph.Add("Div", [x, graph.Add("Max", [norm, graph.Scalar(call.FindReal("eps") ?? 1e-12, x.DType)])]));
    }

    private static OnnxValue Root(IOnnxGraph graph, OnnxValue x, double power, long[] axes)
    {
        OnnxValue powers = graph.Add("Pow", [graph.Add("Abs", [x]), graph.Scalar(power, x.DType)]);
        return graph.Add("Pow", [graph.Reduce("ReduceSum", powers, axes, keeps: true), graph.Scalar(1 / power, x.DType)]);
    }
}
