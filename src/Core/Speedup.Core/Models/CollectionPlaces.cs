using System.Collections;
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
    /// <param name="name">Where it is.</param>
    public static IEnumerable<Place>? Find(object value, string name) =>
        value switch
        {
            OrderedDict<string, nn.Module> children => Named<nn.Module>(children, name),
            OrderedDict<string, TorchSharp.Modules.Parameter> parameters => Named<TorchSharp.Modules.Parameter>(parameters, name),
            OrderedDict<string, (Tensor, bool)> buffers => Buffers(buffers, name),
            IDictionary { IsReadOnly: false } dictionary => Entries(dictionary, name),
            Array array => Elements(array, name),
            IList { IsReadOnly: false } list => Items(list, name),
            _ when GenericTypes.FindArgument(value.GetType(), typeof(HashSet<>)) is { } item => Members(value, item, name),
            _ => null,
        };

    /// <summary>The name of something within a place.</summary>
    public static string Join(string place, string name) =>
        name is "_internal_submodules" or "_modules" or "_list" ? place
        : place.Length == 0 ? name
        : $"{place}.{name}";

    private static IEnumerable<Place> Named<T>(OrderedDict<string, T> items, string name)
        where T : class =>
        Keys(items).Select(key => new Place(Join(name, key), typeof(T), () => items[key], other => items[key] = (T)other));

    private static IEnumerable<Place> Buffers(OrderedDict<string, (Tensor, bool)> buffers, string name) =>
        Keys(buffers)
            .Select(key => new Place(
                Join(name, key),
                typeof(Tensor),
                () => buffers[key].Item1,
                other => buffers[key] = ((Tensor)other, buffers[key].Item2)
            ));

    private static string[] Keys<T>(OrderedDict<string, T> items) => [.. ((IEnumerable<(string Key, T)>)items).Select(item => item.Key)];

    private static IEnumerable<Place> Entries(IDictionary dictionary, string name)
    {
        Type held = GenericTypes.FindArgument(dictionary.GetType(), typeof(IDictionary<,>)) ?? typeof(object);
        object[] keys = [.. dictionary.Keys.Cast<object>()];
        return keys.Select(key => new Place($"{name}[{key}]", held, () => dictionary[key], other => dictionary[key] = other));
    }

    private static IEnumerable<Place> Items(IList list, string name)
    {
        Type held = GenericTypes.FindArgument(list.GetType(), typeof(IList<>)) ?? typeof(object);
        return Enumerable
            .Range(0, list.Count)
            .Select(index => new Place($"{name}[{index}]", held, () => list[index], other => list[index] = other));
    }

    private static IEnumerable<Place> Elements(Array array, string name)
    {
        Type held = array.GetType().GetElementType()!;
        return held.IsPrimitive || held.IsPointer ? [] : Indices(array).Select(At);

        Place At(int[] index) =>
            new($"{name}[{string.Join(", ", index)}]", held, () => array.GetValue(index), other => array.SetValue(other, index));
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
    private static IEnumerable<Place> Members(object set, Type held, string name)
    {
        MethodInfo add = set.GetType().GetMethod(nameof(HashSet<>.Add), Any, [held])!;
        MethodInfo remove = set.GetType().GetMethod(nameof(HashSet<>.Remove), Any, [held])!;
        object[] members = [.. ((IEnumerable)set).Cast<object>()];
        return members.Select(
            (_, index) =>
                new Place(
                    $"{name}[{index}]",
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
