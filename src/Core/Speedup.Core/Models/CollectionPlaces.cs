using System.Collections;
using System.Globalization;
using System.Reflection;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>The places in collections that can be written one by one.</summary>
internal static class CollectionPlaces
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The places of a collection, in order; null where a value is no collection, or one that can only be read.</summary>
    /// <param name="value">The value.</param>
    /// <param name="place">Where it is.</param>
    public static IEnumerable<Place>? Find(object value, Place place) =>
        value switch
        {
            OrderedDict<string, nn.Module> children => Named<nn.Module>(children, place),
            OrderedDict<string, TorchSharp.Modules.Parameter> parameters => Named<TorchSharp.Modules.Parameter>(parameters, place),
            OrderedDict<string, (Tensor, bool)> buffers => Buffers(buffers, place),
            IDictionary { IsReadOnly: false } dictionary => Entries(dictionary, place),
            Array array => Elements(array, place),
            IList { IsReadOnly: false } list => Items(list, place),
            _ when GenericTypes.FindArgument(value.GetType(), typeof(HashSet<>)) is { } item => Members(value, item, place),
            _ => null,
        };

    /// <summary>What the places of a collection of that type are declared to hold; null where a type is no collection.</summary>
    public static Type? FindHeld(Type type)
    {
        if (type.IsArray)
            return type.GetElementType();
        if (typeof(IDictionary).IsAssignableFrom(type))
            return GenericTypes.FindArgument(type, typeof(IDictionary<,>)) ?? typeof(object);
        if (typeof(IList).IsAssignableFrom(type))
            return GenericTypes.FindArgument(type, typeof(IList<>)) ?? typeof(object);
        return GenericTypes.FindArgument(type, typeof(OrderedDict<,>)) ?? GenericTypes.FindArgument(type, typeof(HashSet<>));
    }

    private static IEnumerable<Place> Named<T>(OrderedDict<string, T> items, Place place)
        where T : class =>
        Keys(items).Select(key => new NamedPlace(place, key, true, typeof(T), () => items[key], other => items[key] = (T)other));

    private static IEnumerable<Place> Buffers(OrderedDict<string, (Tensor, bool)> buffers, Place place) =>
        Keys(buffers)
            .Select(key => new NamedPlace(
                place,
                key,
                true,
                typeof(Tensor),
                () => buffers[key].Item1,
                other => buffers[key] = ((Tensor)other, buffers[key].Item2)
            ));

    private static string[] Keys<T>(OrderedDict<string, T> items) => [.. ((IEnumerable<(string Key, T)>)items).Select(item => item.Key)];

    private static IEnumerable<Place> Entries(IDictionary dictionary, Place place)
    {
        Type held = FindHeld(dictionary.GetType())!;
        object[] keys = [.. dictionary.Keys.Cast<object>()];
        return keys.Select(key => new EntryPlace(place, dictionary, key, held));
    }

    private static IEnumerable<Place> Items(IList list, Place place)
    {
        Type held = GenericTypes.FindArgument(list.GetType(), typeof(IList<>)) ?? typeof(object);
        return Enumerable.Range(0, list.Count).Select(index => new ListItemPlace(place, list, index, held));
    }

    private static IEnumerable<Place> Elements(Array array, Place place)
    {
        Type held = array.GetType().GetElementType()!;
        if (held.IsPrimitive || held.IsPointer)
            return [];
        return array.Rank == 1 && array.GetLowerBound(0) == 0
            ? Enumerable.Range(0, array.Length).Select(index => new ListItemPlace(place, array, index, held))
            : Indices(array).Select(index => new ElementPlace(place, array, index, held));
    }

    /// <summary>All indices of an array of any rank, the last axis first.</summary>
    private static IEnumerable<int[]> Indices(Array array)
    {
        int[] index = [.. Enumerable.Range(0, array.Rank).Select(array.GetLowerBound)];
        for (long left = array.LongLength; left > 0; left--)
        {
            yield return [.. index];
            for (int axis = array.Rank - 1; axis >= 0 && ++index[axis] > array.GetUpperBound(axis); axis--)
                index[axis] = array.GetLowerBound(axis);
        }
    }

    /// <summary>A set finds its members by what they are: another one is put in by the set's own means.</summary>
    private static IEnumerable<Place> Members(object set, Type held, Place place)
    {
        MethodInfo add = set.GetType().GetMethod(nameof(HashSet<>.Add), Any, [held])!;
        MethodInfo remove = set.GetType().GetMethod(nameof(HashSet<>.Remove), Any, [held])!;
        object[] members = [.. ((IEnumerable)set).Cast<object>()];
        return members.Select(
            (_, index) =>
                new NamedPlace(
                    place,
                    index.ToString(CultureInfo.InvariantCulture),
                    false,
                    held,
                    () => members[index],
                    other =>
                    {
                        remove.Invoke(set, [members[index]]);
                        add.Invoke(set, [members[index] = other]);
                    }
                )
        );
    }
}
