using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Arithmetic.Onnx;

/// <summary>Writes bounds: numbers or tensors, below, above or both.</summary>
internal sealed class ClampFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("clamp", "clip", "clamp_min", "clamp_max");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        ScalarType dtype = call.Results[0].DType;
        object[] operands = [.. call.Operands()];
        (object? low, object? high) = call.Method.Name.TrimEnd('_') switch
        {
            "clamp_min" => (operands[1], (object?)null),
            "clamp_max" => (null, operands[1]),
            _ => (call.FindArgument("min"), call.FindArgument("max")),
        };
        OnnxValue result = graph.Operand(operands[0], dtype);
        if (low is not null)
            result = graph.Add("Max", [result, graph.Operand(low, dtype)]);
        if (high is not null)
            result = graph.Add("Min", [result, graph.Operand(high, dtype)]);
        call.Return(result);
    }
}
