using System.Collections.Frozen;
using System.Reflection;
using Speedup.Core.Models;

namespace Speedup.Core.Tracing.Flow;

/// <summary>
/// Which methods of the platform only look at their arguments. Any other may write each of them to each other: <c>list.Add(x)</c>,
/// <c>Array.Fill(items, x)</c>.
/// </summary>
internal static class PureCalls
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "Contains",
        "ContainsKey",
        "ContainsValue",
        "TryGetValue",
        "IndexOf",
        "LastIndexOf",
        "Exists",
        "Find",
        "FindIndex",
        "FindAll",
        "ForEach",
        "TrueForAll",
        "GetEnumerator",
        "MoveNext",
        "Dispose",
        "Equals",
        "CompareTo",
        "Compare",
        "GetHashCode",
        "GetType",
        "ToString",
        "ToArray",
        "AsSpan",
        "Slice",
        "Clone",
        "Peek",
        "GetRange",
        "GetLength",
        "GetValue",
        "Format",
        "Join",
        "Concat",
        "Invoke",
        "ConvertAll",
        "GetValueOrDefault",
        "Deconstruct",
        "BinarySearch",
        "Get",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Copies = new[]
    {
        "ToArray",
        "ToList",
        "GetRange",
        "FindAll",
        "ConvertAll",
        "Clone",
        "Split",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<Type> Types = new[]
    {
        typeof(Enumerable),
        typeof(Math),
        typeof(MathF),
        typeof(Convert),
        typeof(string),
        typeof(BitConverter),
        typeof(Tuple),
        typeof(object),
        typeof(Delegate),
        typeof(Index),
        typeof(Range),
        typeof(MemoryExtensions),
        typeof(ArgumentNullException),
        typeof(ArgumentOutOfRangeException),
        typeof(Console),
        typeof(System.Diagnostics.Debug),
    }.ToFrozenSet();

    /// <summary>Whether a method writes to none of its arguments but those by reference.</summary>
    public static bool Contains(MethodBase method) =>
        method.Name.StartsWith("get_", StringComparison.Ordinal)
        || method.Name.StartsWith("op_", StringComparison.Ordinal)
        || Names.Contains(method.Name)
        || Types.Contains(method.DeclaringType!)
        || (
            CodeOrigin.IsFSharpLibrary(method.DeclaringType!.Assembly) && !method.Name.StartsWith("set", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Whether what a method of an object returns is made anew, and no part of the object.</summary>
    public static bool IsCopying(MethodBase method) => Copies.Contains(method.Name);
}
