using Speedup.Abstractions;
using Speedup.Onnx.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Arithmetic.Onnx;

/// <summary>Writes comparisons.</summary>
internal sealed class ComparisonFunctions : OnnxFunction
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["eq"] = "Equal",
        ["op_Equality"] = "Equal",
        ["ne"] = "NotEqual",
        ["not_equal"] = "NotEqual",
        ["op_Inequality"] = "NotEqual",
        ["gt"] = "Greater",
        ["greater"] = "Greater",
        ["op_GreaterThan"] = "Greater",
        ["ge"] = "GreaterOrEqual",
        ["greater_equal"] = "GreaterOrEqual",
        ["op_GreaterThanOrEqual"] = "GreaterOrEqual",
        ["lt"] = "Less",
        ["less"] = "Less",
        ["op_LessThan"] = "Less",
        ["le"] = "LessOrEqual",
        ["less_equal"] = "LessOrEqual",
        ["op_LessThanOrEqual"] = "LessOrEqual",
    };

    /// <inheritdoc/>
    public override IReadOnlyList<FunctionKey> Functions { get; } = KeysOf(Types.Keys);

    /// <inheritdoc/>
    protected override void Emit(IOnnxCall call, IOnnxGraph graph)
    {
        object[] operands = [.. call.Operands().Take(2)];
        ScalarType dtype = OnnxOperands.CommonType(operands[0], operands[1]);
        string type = Types[call.Method.Name.TrimEnd('_')];
        if (dtype == ScalarType.Bool && type is not ("Equal" or "NotEqual"))
            dtype = ScalarType.Int32; // ONNX orders numbers only
        OnnxValue[] sides = [graph.Operand(operands[0], dtype), graph.Operand(operands[1], dtype)];
        OnnxValue result = graph.AddTyped(type == "NotEqual" ? "Equal" : type, ScalarType.Bool, sides);
        call.Return(type == "NotEqual" ? graph.Add("Not", [result]) : result);
    }
}
