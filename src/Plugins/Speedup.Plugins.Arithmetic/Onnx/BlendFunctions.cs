using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Arithmetic.Onnx;

/// <summary>Writes functions of three operands.</summary>
internal sealed class BlendFunctions : OnnxFunction
{
    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf("addcmul", "addcdiv", "lerp");

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        ScalarType dtype = call.Results[0].DType;
        OnnxValue[] operands = [.. call.Operands().Take(3).Select(operand => graph.Operand(operand, dtype))];
        string name = call.Method.Name.TrimEnd('_');
        if (name == "lerp")
        {
            OnnxValue way = graph.Add("Sub", [operands[1], operands[0]]);
            call.Return(graph.Add("Add", [operands[0], graph.Add("Mul", [way, operands[2]])]));
            return;
        }
        OnnxValue term = graph.Add(name == "addcmul" ? "Mul" : "Div", [operands[1], operands[2]]);
        if (call.FindReal("value") is { } value and not 1)
            term = graph.Add("Mul", [term, graph.Scalar(value, dtype)]);
        call.Return(graph.Add("Add", [operands[0], term]));
    }
}
