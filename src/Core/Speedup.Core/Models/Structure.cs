using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>Looks into structures, such as tuples of tensors, whose own equality may be anything.</summary>
internal static class Structure
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The values that a value is made of: the fields of a structure and of structures in it, or else the value itself.</summary>
    public static IEnumerable<object?> Leaves(object? value) =>
        value is ValueType && value.GetType() is { IsPrimitive: false, IsEnum: false } type
            ? type.GetFields(Fields).Where(field => !field.FieldType.IsPointer).SelectMany(field => Leaves(field.GetValue(value)))
            : [value];

    /// <summary>Whether two values are the same objects and numbers.</summary>
    public static bool AreSame(object? first, object? second) =>
        ReferenceEquals(first, second)
        || (first?.GetType() == second?.GetType() && Leaves(first).SequenceEqual(Leaves(second), LeafComparer.Instance));

    private sealed class LeafComparer : IEqualityComparer<object?>
    {
        public static readonly LeafComparer Instance = new();

        public new bool Equals(object? first, object? second) =>
            ReferenceEquals(first, second)
            || (first is string or ValueType && first is not Tensor && first.GetType() == second?.GetType() && first.Equals(second));

        public int GetHashCode(object? value) => 0;
    }
}
