using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using Speedup.Core.CodeWriting.Plans;

namespace Speedup.Core.CodeWriting.CSharp;

/// <summary>Writes values and types in C#.</summary>
internal static class CSharpLiterals
{
    private const string Library = "TorchSharp.";
    private const string Functions = "torch.";

    /// <summary>A value.</summary>
    public static string Write(object? value) =>
        value switch
        {
            null => "null",
            bool truth => truth ? "true" : "false",
            string text => Literals.Quote(text),
            Enum member => $"{NameOf(member.GetType())}.{member}",
            float number => WriteReal(number, "float", number.ToString("R", CultureInfo.InvariantCulture) + "f"),
            double number => WriteReal(number, "double", Literals.Digits(number)),
            ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Write(tuple[i])))})",
            IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Write))}]",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    /// <summary>A type of TorchSharp's, as the usings of the code let it be written.</summary>
    public static string NameOf(Type type)
    {
        string name = type.FullName!.Replace('+', '.');
        if (!name.StartsWith(Library, StringComparison.Ordinal))
            return $"global::{name}";
        name = name[Library.Length..];
        return name.StartsWith(Functions, StringComparison.Ordinal) ? name[Functions.Length..]
            : name.StartsWith("Modules.", StringComparison.Ordinal) ? name["Modules.".Length..]
            : name;
    }

    private static string WriteReal(double value, string type, string digits) =>
        double.IsNaN(value) ? $"{type}.NaN"
        : double.IsInfinity(value) ? $"{type}.{(value > 0 ? "Positive" : "Negative")}Infinity"
        : digits;
}
