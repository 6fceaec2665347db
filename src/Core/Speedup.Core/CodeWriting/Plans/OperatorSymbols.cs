namespace Speedup.Core.CodeWriting.Plans;

/// <summary>How operators of tensors are written, which is the same in C# and in Python.</summary>
internal static class OperatorSymbols
{
    private static readonly Dictionary<string, string> Symbols = new(StringComparer.Ordinal)
    {
        ["op_Addition"] = "+",
        ["op_Subtraction"] = "-",
        ["op_Multiply"] = "*",
        ["op_Division"] = "/",
        ["op_Modulus"] = "%",
        ["op_BitwiseAnd"] = "&",
        ["op_BitwiseOr"] = "|",
        ["op_ExclusiveOr"] = "^",
        ["op_LeftShift"] = "<<",
        ["op_RightShift"] = ">>",
        ["op_LessThan"] = "<",
        ["op_LessThanOrEqual"] = "<=",
        ["op_GreaterThan"] = ">",
        ["op_GreaterThanOrEqual"] = ">=",
        ["op_UnaryNegation"] = "-",
        ["op_OnesComplement"] = "~",
    };

    /// <summary>The symbol of an operator by the name of its method; null where it has none.</summary>
    public static string? Find(string method) => Symbols.GetValueOrDefault(method);

    /// <summary>What stands beside an operator: in brackets where it is computed or negative.</summary>
    public static string Enclose(CodeValue operand, string text) =>
        (operand is CodeValue.Size && text.Contains(' ', StringComparison.Ordinal)) || text.StartsWith('-') ? $"({text})" : text;
}
