using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Speedup.Abstractions;
using Speedup.Core.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>What a recorded call of a function is named, and its arguments.</summary>
internal static class CallNames
{
    private const int LongestTuple = 7;

    /// <summary>A name for people.</summary>
    public static string Of(MethodInfo method) =>
        method.DeclaringType is { IsGenericType: true, Name: var name }
            ? $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}.{method.Name}"
            : $"{method.DeclaringType!.Name}.{method.Name}";

    /// <summary>The arguments by the names of the parameters, tensors as references to inputs.</summary>
    public static Dictionary<string, object?> NameArguments(MethodInfo method, object?[] arguments)
    {
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        int position = 0;
        if (!method.IsStatic)
            named["this"] = Abstract(arguments[0], ref position);
        foreach (ParameterInfo parameter in method.GetParameters())
            named[parameter.Name!] = Abstract(arguments[(method.IsStatic ? 0 : 1) + parameter.Position], ref position);
        return named;
    }

    /// <summary>The arguments of a call of a module, the module itself left out.</summary>
    public static Dictionary<string, object?> NameModuleArguments(MethodInfo method, object?[] arguments)
    {
        int position = 0;
        return method
            .GetParameters()
            .ToDictionary(parameter => parameter.Name!, parameter => Abstract(arguments[parameter.Position], ref position));
    }

    /// <summary>Replaces tensors by references to inputs, in the order in which <see cref="TensorTypes.Find(object?)"/> meets them.</summary>
    private static object? Abstract(object? value, ref int position)
    {
        if (value is Tensor { IsInvalid: false } || (value is TensorIndex && TensorTypes.Find(value).Any()))
            return new InputRef(position++);
        if (value is Scalar scalar)
            return Keep(scalar);
        IEnumerable<object?>? items = value switch
        {
            ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => tuple[i]),
            ICollection collection => collection.Cast<object?>(),
            _ => null,
        };
        if (items is null || !TensorTypes.Find(value).Any())
            return value;
        var list = new List<object?>();
        foreach (object? item in items)
            list.Add(Abstract(item, ref position));
        return value is ITuple && list.Count <= LongestTuple ? TupleOf(list) : list;
    }

    private static object TupleOf(List<object?> items)
    {
        Type open = typeof(ValueTuple).Assembly.GetType($"System.ValueTuple`{items.Count}", throwOnError: true)!;
        return Activator.CreateInstance(open.MakeGenericType([.. items.Select(_ => typeof(object))]), [.. items])!;
    }

    /// <summary>A scalar of the same number, since code may dispose the one that it gave; those of rare types are kept as they are.</summary>
    private static Scalar Keep(Scalar scalar) =>
        scalar.Type switch
        {
            ScalarType.Bool => scalar.ToBoolean().ToScalar(),
            ScalarType.Float32 => scalar.ToSingle().ToScalar(),
            ScalarType.Float64 => scalar.ToDouble().ToScalar(),
            ScalarType.Int64 => scalar.ToInt64().ToScalar(),
            _ => scalar,
        };
}
