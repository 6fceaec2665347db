using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Activation.Onnx;

/// <summary>Writes <c>round</c>, half to even, to a number of decimals.</summary>
internal sealed class RoundOperator : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("round");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0];
        long decimals = call.FindFixed("decimals") ?? 0;
        if (decimals == 0)
        {
            call.Return(graph.Add("Round", [x]));
            return;
        }
        OnnxValue scale = graph.Scalar(Math.Pow(10, Math.Abs(decimals)), x.DType);
        (string up, string down) = decimals > 0 ? ("Mul", "Div") : ("Div", "Mul");
        call.Return(graph.Add(down, [graph.Add("Round", [graph.Add(up, [x, scale])]), scale]));
    }
}
