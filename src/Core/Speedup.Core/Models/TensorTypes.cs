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
    public static IEnumerable<Tensor> Find(object? value)
    {
        if (value is null or string or Tensor { IsInvalid: true } || value.GetType().IsPrimitive)
            return []; // TorchSharp returns a tensor without a handle for "none"
        return value is Tensor single ? [single] : Walk(value, everyArray: false).OfType<Tensor>().Where(tensor => !tensor.IsInvalid);
    }

    /// <summary>Whether all that a result may hold is visible to <see cref="Find(object?)"/>.</summary>
    public static bool IsTransparent(object? value) =>
        value is Tensor
        || Walk(value, everyArray: true)
            .All(item => item is string or Tensor or ValueType || ContentOf(item, everyArray: true) is not null);

    /// <summary>The items of a sequence of tensors that is computed when it is read, all of them now; any other value as it is.</summary>
    public static object? Hold(object? value)
    {
        if (value is not IEnumerable items || value is ICollection or Tensor || IsReadOnlyCollection(value.GetType()))
            return value;
        return GenericTypes.FindArgument(value.GetType(), typeof(IEnumerable<>)) is { } item && CanHold(item)
            ? items.Cast<object?>().ToList()
            : value;
    }

    /// <summary>
    /// A value and all that is seen in it, in order, without recursion: a chain of objects may be of any length. An object counts once; a collection as
    /// often as it is met, but not within itself.
    /// </summary>
    private static IEnumerable<object> Walk(object? value, bool everyArray)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<(object Owner, IEnumerator<object?> Items)>();
        open.Push((seen, Enumerable.Repeat(value, 1).GetEnumerator()));
        while (open.TryPeek(out (object Owner, IEnumerator<object?> Items) top))
        {
            if (!top.Items.MoveNext())
            {
                open.Pop();
                if (!IsUserObject(top.Owner.GetType()))
                    seen.Remove(top.Owner);
                continue;
            }
            if (top.Items.Current is not { } item)
                continue;
            yield return item;
            if (ContentOf(item, everyArray) is { } content && (item is ValueType || seen.Add(item)))
                open.Push((item, content.GetEnumerator()));
        }
    }

    /// <summary>What is seen in a value; null where nothing is.</summary>
    private static IEnumerable<object?>? ContentOf(object value, bool everyArray) =>
        value switch
        {
            string or Tensor => null,
            TensorIndex index => [TensorOfIndex?.GetValue(index)],
            TensorIndex[] indices => indices.Cast<object?>(),
            ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => tuple[i]),
            IDictionary dictionary => IsOfNumbers(value) ? [] : dictionary.Values.Cast<object?>(),
            Array array when !everyArray && !CanHold(array.GetType()) && !IsUserObject(array.GetType().GetElementType()!) => [],
            ICollection items => IsOfNumbers(value) ? [] : items.Cast<object?>(),
            IEnumerable items when IsReadOnlyCollection(value.GetType()) => items.Cast<object?>(),
            _ when IsUserObject(value.GetType()) => FieldsOf(value),
            _ => null,
        };

    /// <summary>Whether a collection is declared to hold numbers or text, of which there may be millions.</summary>
    private static bool IsOfNumbers(object collection) =>
        CollectionPlaces.FindHeld(collection.GetType()) is { } held && (held.IsPrimitive || held.IsEnum || held == typeof(string));

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
