using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using TorchSharp.Modules;

namespace Speedup.Plugins.Normalization.Onnx;

/// <summary>
/// Writes local response normalization: x / (k + alpha mean(x²))^beta over windows of channels. TorchSharp counts size / 2 channels before, and divides by the
/// size at the border, too.
/// </summary>
internal sealed class ResponseNormOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<Type> ModuleTypes => [typeof(LocalResponseNorm)];

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("local_response_norm");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        var module = call.Module as LocalResponseNorm;
        long size = module?.size ?? call.Fixed("size");
        double alpha = module?.alpha ?? call.FindReal("alpha") ?? 1e-4;
        double beta = module?.beta ?? call.FindReal("beta") ?? 0.75;
        double k = module?.k ?? call.FindReal("k") ?? 1;
        long before = size / 2;
        long[] pads = new long[2 * x.Rank];
        (pads[1], pads[x.Rank + 1]) = (before, size - 1 - before);
        OnnxValue squares = graph.Add("Pad", [graph.Add("Mul", [x, x]), graph.Integers(pads)], ("mode", "constant"));
        OnnxNumber channels = graph.Length(x, 1);
        OnnxValue sum = Enumerable
            .Range(0, (int)size)
            .Select(shift => graph.Slice(squares, 1, shift, graph.Sum(channels, shift)))
            .Aggregate((total, part) => graph.Add("Add", [total, part]));
        OnnxValue mean = graph.Add("Mul", [sum, graph.Scalar(alpha / size, x.DType)]);
        OnnxValue divisor = graph.Add("Pow", [graph.Add("Add", [mean, graph.Scalar(k, x.DType)]), graph.Scalar(beta, x.DType)]);
        call.Return(graph.Add("Div", [x, divisor]));
    }
}
