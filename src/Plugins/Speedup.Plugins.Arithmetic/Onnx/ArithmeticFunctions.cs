using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Arithmetic.Onnx;

/// <summary>Writes sums, differences, products, powers and extrema of two operands, broadcast as ONNX does it, too.</summary>
internal sealed class ArithmeticFunctions : OnnxFunction
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["add"] = "Add",
        ["op_Addition"] = "Add",
        ["sub"] = "Sub",
        ["subtract"] = "Sub",
        ["op_Subtraction"] = "Sub",
        ["mul"] = "Mul",
        ["multiply"] = "Mul",
        ["op_Multiply"] = "Mul",
        ["pow"] = "Pow",
        ["float_power"] = "Pow",
        ["maximum"] = "Max",
        ["fmax"] = "Max",
        ["minimum"] = "Min",
        ["fmin"] = "Min",
    };

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf(Types.Keys);

    /// <inheritdoc/>
    public override string? Limits => "`fmax` and `fmin` where one operand is NaN";

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        ScalarType dtype = call.Results[0].DType;
        string name = call.Method.Name.TrimEnd('_');
        object[] operands = [.. call.Operands().Take(2)];
        OnnxValue left = graph.Operand(operands[0], dtype);
        OnnxValue right = graph.Operand(operands[1], dtype);
        if (call.FindReal("alpha") is { } alpha and not 1)
            right = graph.Add("Mul", [right, graph.Scalar(alpha, dtype)]);
        string type = Types[name];
        if (dtype == ScalarType.Bool && type is "Add" or "Max")
            type = "Or";
        else if (dtype == ScalarType.Bool)
            type = "And";
        call.Return(graph.Add(type, [left, right]));
    }
}
