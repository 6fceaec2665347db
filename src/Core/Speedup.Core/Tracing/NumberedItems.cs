namespace Speedup.Core.Tracing;

/// <summary>Gives items numbers, which re-emitted code can carry.</summary>
internal sealed class NumberedItems<T>
{
    private readonly List<T> _items = [];

    /// <summary>The item with a number.</summary>
    public T this[int number] => _items[number];

    /// <summary>Adds an item and returns its number.</summary>
    public int Add(T item)
    {
        _items.Add(item);
        return _items.Count - 1;
    }
}
