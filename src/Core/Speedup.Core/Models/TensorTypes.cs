using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>Knows which types hold tensors, and finds the tensors in a value.</summary>
internal static class TensorTypes
{
    private static readonly FieldInfo? TensorOfIndex = typeof(TensorIndex).GetField(
        "tensor",
        BindingFlags.Instance | BindingFlags.NonPublic
    );
    private const BindingFlags AllFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Whether values of a static type can hold tensors directly: tensor, collection of tensors, tuple with one.</summary>
    public static bool CanHold(Type type)
    {
        if (type.IsByRef)
            return CanHold(type.GetElementType()!);
        if (typeof(Tensor).IsAssignableFrom(type))
            return true;
        if (type.IsArray)
            return CanHold(type.GetElementType()!);
        return type.IsGenericType && type.GetGenericArguments().Any(CanHold);
    }

    /// <summary>Whether a static type may carry tensors, or the modules and delegates that make them or the accessors that write to them.</summary>
    public static bool CanCarry(Type type)
    {
        if (type.IsByRef)
            return CanCarry(type.GetElementType()!);
        return CanHold(type)
            || type.IsGenericParameter
            || type == typeof(object)
            || typeof(nn.Module).IsAssignableFrom(type)
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(TorchSharp.Utils.TensorAccessor<>)) // writes numbers
            || typeof(Delegate).IsAssignableFrom(type)
            || (type.IsArray && CanCarry(type.GetElementType()!))
            || (type.IsGenericType && type.GetGenericArguments().Any(CanCarry));
    }

    /// <summary>The tensors of a value, in order: itself, elements of collections that are already there, of tuples, of dictionaries, fields of objects.</summary>
    public static IEnumerable<Tensor> Find(object? value) => Find(value, new HashSet<object>(ReferenceEqualityComparer.Instance));

    /// <summary>Whether all that a result may hold is visible to <see cref="Find(object?)"/>.</summary>
    public static bool IsTransparent(object? value) => IsTransparent(value, new HashSet<object>(ReferenceEqualityComparer.Instance));

    /// <summary>The items of a sequence of tensors that is computed when it is read, all of them now; any other value as it is.</summary>
    public static object? Hold(object? value)
    {
        if (value is not IEnumerable items || value is ICollection or Tensor || IsReadOnlyCollection(value.GetType()))
            return value;
        return GenericTypes.FindArgument(value.GetType(), typeof(IEnumerable<>)) is { } item && CanHold(item)
            ? items.Cast<object?>().ToList()
            : value;
    }

    private static IEnumerable<Tensor> Find(object? value, HashSet<object> seen) =>
        value switch
        {
            null or string => [],
            Tensor tensor => tensor.IsInvalid ? [] : [tensor], // TorchSharp returns a tensor without a handle for "none"
            TensorIndex index => Find(TensorOfIndex?.GetValue(index), seen),
            TensorIndex[] indices => indices.SelectMany(index => Find(index, seen)),
            ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => Find(tuple[i], seen)),
            IDictionary dictionary => dictionary.Values.Cast<object?>().SelectMany(item => Find(item, seen)),
            Array array when !CanHold(array.GetType()) && !IsUserObject(array.GetType().GetElementType()!) => [],
            ICollection items => items.Cast<object?>().SelectMany(item => Find(item, seen)),
            IEnumerable items when IsReadOnlyCollection(value.GetType()) => items.Cast<object?>().SelectMany(item => Find(item, seen)),
            _ when IsUserObject(value.GetType()) && (value is ValueType || seen.Add(value)) => FieldsOf(value)
                .SelectMany(item => Find(item, seen)),
            _ => [],
        };

    private static bool IsTransparent(object? value, HashSet<object> seen) =>
        value switch
        {
            null or string or Tensor => true,
            ITuple tuple => Enumerable.Range(0, tuple.Length).All(i => IsTransparent(tuple[i], seen)),
            IDictionary dictionary => dictionary.Values.Cast<object?>().All(item => IsTransparent(item, seen)),
            ICollection items => items.Cast<object?>().All(item => IsTransparent(item, seen)),
            IEnumerable items when IsReadOnlyCollection(value.GetType()) => items.Cast<object?>().All(item => IsTransparent(item, seen)),
            _ when IsUserObject(value.GetType()) => (value is not ValueType && !seen.Add(value))
                || FieldsOf(value).All(item => IsTransparent(item, seen)),
            _ => value is ValueType,
        };

    /// <summary>Whether a type has its items at hand though it is no <see cref="ICollection"/>, as F#'s list and the immutable collections.</summary>
    private static bool IsReadOnlyCollection(Type type) => GenericTypes.FindArgument(type, typeof(IReadOnlyCollection<>)) is not null;

    /// <summary>Whether a type is a structure or class of user code whose fields may be looked at: a record of outputs, as detectors return them.</summary>
    private static bool IsUserObject(Type type) =>
        CodeOrigin.IsUserType(type)
        && !type.IsArray
        && !typeof(nn.Module).IsAssignableFrom(type)
        && !typeof(Delegate).IsAssignableFrom(type);

    private static IEnumerable<object?> FieldsOf(object value)
    {
        for (Type? type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
            foreach (FieldInfo field in type.GetFields(AllFields).OrderBy(field => field.MetadataToken))
                yield return field.GetValue(value);
    }
}
