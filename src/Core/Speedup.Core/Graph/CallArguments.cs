using System.Collections;
using TorchSharp;

namespace Speedup.Core.Graph;

/// <summary>Compares arguments of calls, as far as they have a value of their own.</summary>
internal static class CallArguments
{
    private static readonly IEqualityComparer<object?> Elementwise = EqualityComparer<object?>.Create(AreEqual, _ => 0);

    /// <summary>Whether two arguments are the same: numbers, text, indices, collections of these; other objects count as the same.</summary>
    public static bool AreEqual(object? first, object? second) =>
        (first, second) switch
        {
            (null, null) => true,
            (Scalar a, Scalar b) => a.ToDouble().Equals(b.ToDouble()),
            (string a, string b) => a == b,
            (torch.TensorIndex a, torch.TensorIndex b) => a.Equals(b), // field by field
            (IEnumerable a, IEnumerable b) => a.Cast<object?>().SequenceEqual(b.Cast<object?>(), Elementwise),
            (ValueType a, ValueType b) when a is IConvertible && b is IConvertible => a.Equals(b),
            _ => true, // objects that have no value of their own to compare
        };
}
