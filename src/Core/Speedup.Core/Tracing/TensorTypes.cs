using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>Knows which types hold tensors, and finds the tensors in a value.</summary>
internal static class TensorTypes
{
    private static readonly FieldInfo? TensorOfIndex = typeof(TensorIndex).GetField(
        "tensor",
        BindingFlags.Instance | BindingFlags.NonPublic
    );
    private const BindingFlags AllFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

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

    /// <summary>Whether a static type may carry tensors or the modules and delegates that make them.</summary>
    public static bool CanCarry(Type type)
    {
        if (type.IsByRef)
            return CanCarry(type.GetElementType()!);
        return CanHold(type)
            || type.IsGenericParameter
            || type == typeof(object)
            || typeof(nn.Module).IsAssignableFrom(type)
            || typeof(Delegate).IsAssignableFrom(type)
            || (type.IsArray && CanCarry(type.GetElementType()!))
            || (type.IsGenericType && type.GetGenericArguments().Any(CanCarry));
    }

    /// <summary>The tensors of a value, in order: itself, elements of collections that are already there, of tuples, of dictionaries.</summary>
    public static IEnumerable<Tensor> Find(object? value) =>
        value switch
        {
            null or string => [],
            Tensor tensor => tensor.IsInvalid ? [] : [tensor], // TorchSharp returns a tensor without a handle for "none"
            TensorIndex index => Find(TensorOfIndex?.GetValue(index)),
            TensorIndex[] indices => indices.SelectMany(index => Find(index)),
            ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => Find(tuple[i])),
            IDictionary dictionary => dictionary.Values.Cast<object?>().SelectMany(Find),
            Array array when !CanHold(array.GetType()) => [],
            ICollection items => items.Cast<object?>().SelectMany(Find),
            IEnumerable items when IsReadOnlyCollection(value.GetType()) => items.Cast<object?>().SelectMany(Find),
            _ when IsPlainObject(value.GetType()) => FieldsOf(value).SelectMany(Find),
            _ => [],
        };

    /// <summary>Whether all that a result may hold is visible to <see cref="Find"/>.</summary>
    public static bool IsTransparent(object? value) =>
        value switch
        {
            null or string or Tensor => true,
            ITuple tuple => Enumerable.Range(0, tuple.Length).All(i => IsTransparent(tuple[i])),
            IDictionary dictionary => dictionary.Values.Cast<object?>().All(IsTransparent),
            ICollection items => items.Cast<object?>().All(IsTransparent),
            IEnumerable items when IsReadOnlyCollection(value.GetType()) => items.Cast<object?>().All(IsTransparent),
            _ when IsPlainObject(value.GetType()) => FieldsOf(value).All(IsTransparent),
            _ => value is ValueType,
        };

    /// <summary>Whether a type has its items at hand though it is no <see cref="ICollection"/>, as F#'s list and the immutable collections.</summary>
    private static bool IsReadOnlyCollection(Type type) =>
        Array.Exists(type.GetInterfaces(), item => item.IsGenericType && item.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>));

    /// <summary>
    /// Whether a type is a structure or sealed class of user code that holds values only: records of outputs, as detectors return them.
    /// Its fields are declared as tensors, numbers, text, collections of these, or other such types.
    /// </summary>
    private static bool IsPlainObject(Type type) => IsPlainObject(type, []);

    private static bool IsPlainObject(Type type, HashSet<Type> outer) =>
        (type.IsValueType || type.IsSealed)
        && !type.IsPrimitive
        && !type.IsEnum
        && !type.IsArray
        && !CodeOrigin.IsPlatform(type.Assembly)
        && !CodeOrigin.IsTorch(type)
        && !typeof(nn.Module).IsAssignableFrom(type)
        && !typeof(Delegate).IsAssignableFrom(type)
        && outer.Add(type)
        && Array.TrueForAll(type.GetFields(AllFields), field => IsPlainField(field.FieldType, outer));

    private static bool IsPlainField(Type type, HashSet<Type> outer) =>
        type.IsPrimitive
        || type.IsEnum
        || type == typeof(string)
        || typeof(Tensor).IsAssignableFrom(type)
        || (CanHold(type) && (type.IsArray || typeof(ICollection).IsAssignableFrom(type) || typeof(ITuple).IsAssignableFrom(type)))
        || IsPlainObject(type, outer);

    private static IEnumerable<object?> FieldsOf(object value) =>
        value.GetType().GetFields(AllFields).OrderBy(field => field.MetadataToken).Select(field => field.GetValue(value));
}
