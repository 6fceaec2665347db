using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;

namespace Speedup.Plugins.Arithmetic.Onnx;

/// <summary>Writes remainders: of <c>fmod</c> with the sign of the dividend, of <c>remainder</c> with that of the divisor.</summary>
internal sealed class RemainderFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("fmod", "remainder", "op_Modulus");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        OnnxValue result = call.Results[0];
        object[] operands = [.. call.Operands().Take(2)];
        OnnxValue left = graph.Operand(operands[0], result.DType);
        OnnxValue right = graph.Operand(operands[1], result.DType);
        if (call.Method.Name.StartsWith("fmod", StringComparison.Ordinal))
            call.Return(graph.Add("Mod", [left, right], ("fmod", 1L)));
        else if (!result.IsReal)
            call.Return(graph.Add("Mod", [left, right]));
        else
            call.Return(graph.Add("Sub", [left, graph.Add("Mul", [right, graph.Add("Floor", [graph.Add("Div", [left, right])])])]));
    }
}
