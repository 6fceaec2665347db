namespace Speedup.Core.Tracing;

/// <summary>Gives items numbers, which re-emitted code can carry. Traces that run at once may add and read.</summary>
internal sealed class NumberedItems<T>
{
    private readonly List<T> _items = [];
    private readonly Lock _gate = new();

    /// <summary>The item with a number.</summary>
    public T this[int number]
    {
        get
        {
            lock (_gate)
                return _items[number];
        }
    }

    /// <summary>Adds an item and returns its number.</summary>
    public int Add(T item)
    {
        lock (_gate)
        {
            _items.Add(item);
            return _items.Count - 1;
        }
    }
}
