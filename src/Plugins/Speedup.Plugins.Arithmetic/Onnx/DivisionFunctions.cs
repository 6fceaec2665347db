using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Arithmetic.Onnx;

/// <summary>Writes quotients, rounded or not.</summary>
internal sealed class DivisionFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("div", "divide", "true_divide", "op_Division", "floor_divide");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        ScalarType dtype = call.Results[0].DType;
        object[] operands = [.. call.Operands().Take(2)];
        RoundingMode mode = call.FindArgument("rounding_mode") as RoundingMode? ?? RoundingMode.None;
        if (call.Method.Name.StartsWith("floor_divide", StringComparison.Ordinal))
            mode = RoundingMode.floor;
        bool isWhole = dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64);
        ScalarType computed = isWhole ? ScalarType.Float64 : dtype; // ONNX divides whole numbers towards zero
        OnnxValue quotient = graph.Add("Div", [graph.Operand(operands[0], computed), graph.Operand(operands[1], computed)]);
        OnnxValue result = mode switch
        {
            RoundingMode.floor => graph.Add("Floor", [quotient]),
            RoundingMode.trunc => graph.Add("Mul", [graph.Add("Sign", [quotient]), graph.Add("Floor", [graph.Add("Abs", [quotient])])]),
            _ => quotient,
        };
        call.Return(graph.Cast(result, dtype));
    }
}
