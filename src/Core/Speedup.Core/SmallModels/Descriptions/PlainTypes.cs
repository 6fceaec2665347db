using System.Collections;
using System.Runtime.CompilerServices;

namespace Speedup.Core.SmallModels.Descriptions;

/// <summary>The types of values that can be written into a file as they are.</summary>
internal static class PlainTypes
{
    private static readonly Type[] Sequences =
    [
        typeof(IEnumerable<>),
        typeof(ICollection<>),
        typeof(IList<>),
        typeof(IReadOnlyCollection<>),
        typeof(IReadOnlyList<>),
    ];

    /// <summary>Whether a field declared as a type holds a plain value.</summary>
    public static bool IsPlain(Type type)
    {
        if (type.IsEnum || type == typeof(string) || type == typeof(decimal))
            return true;
        if (type.IsPrimitive)
            return type != typeof(nint) && type != typeof(nuint);
        if (type.IsSZArray)
            return IsPlain(type.GetElementType()!);
        return type.IsGenericType && IsPlainMadeOf(type) && Array.TrueForAll(type.GetGenericArguments(), IsPlain);
    }

    /// <summary>The type that is read from a file for a field of a plain type.</summary>
    public static Type Stored(Type type) => type.IsInterface ? type.GetGenericArguments()[0].MakeArrayType() : type;

    /// <summary>What a field that is declared as a sequence holds, as an array.</summary>
    public static Array ToArray(IEnumerable items, Type declared)
    {
        object?[] values = [.. items.Cast<object?>()];
        Array array = Array.CreateInstance(declared.GetGenericArguments()[0], values.Length);
        for (int i = 0; i < values.Length; i++)
            array.SetValue(values[i], i);
        return array;
    }

    private static bool IsPlainMadeOf(Type type) =>
        type.GetGenericTypeDefinition() is var definition
        && (
            definition == typeof(Nullable<>)
            || definition == typeof(List<>)
            || (type.IsValueType && typeof(ITuple).IsAssignableFrom(type))
            || Array.IndexOf(Sequences, definition) >= 0
        );
}
