using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Activation.Onnx;

/// <summary>Writes questions for numbers that are none, or infinite.</summary>
internal sealed class FiniteFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("isnan", "isinf", "isfinite");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue x = call.Tensors[0].IsReal ? call.Tensors[0] : graph.Cast(call.Tensors[0], ScalarType.Float32);
        call.Return(
            call.Method.Name switch
            {
                "isnan" => graph.AddTyped("IsNaN", ScalarType.Bool, [x]),
                "isinf" => graph.AddTyped("IsInf", ScalarType.Bool, [x]),
                _ => graph.Add(
                    "Not",
                    [graph.Add("Or", [graph.AddTyped("IsNaN", ScalarType.Bool, [x]), graph.AddTyped("IsInf", ScalarType.Bool, [x])])]
                ),
            }
        );
    }
}
