using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using Speedup.Core.CodeWriting.Plans;
using static TorchSharp.torch;

namespace Speedup.Core.CodeWriting.PyTorch;

/// <summary>Writes values in Python.</summary>
internal static class PyTorchLiterals
{
    /// <summary>A value.</summary>
    public static string Write(object? value) =>
        value switch
        {
            null => "None",
            bool truth => truth ? "True" : "False",
            string text => Literals.Quote(text),
            ScalarType type => $"torch.{PyTorchNames.NameOf(type)}",
            Enum member => Literals.Quote(PyTorchNames.TextOf(member)),
            float number => WriteReal(number),
            double number => WriteReal(number),
            ITuple tuple => WriteTuple([.. Enumerable.Range(0, tuple.Length).Select(i => Write(tuple[i]))]),
            IEnumerable items => WriteTuple([.. items.Cast<object?>().Select(Write)]),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    /// <summary>A tuple, which needs a comma where it has one item.</summary>
    public static string WriteTuple(IReadOnlyList<string> items) => items.Count == 1 ? $"({items[0]},)" : $"({string.Join(", ", items)})";

    private static string WriteReal(double value) =>
        double.IsFinite(value) ? Literals.Digits(value)
        : double.IsNaN(value) ? "float(\"nan\")"
        : $"float(\"{(value > 0 ? "" : "-")}inf\")";
}
