namespace Speedup.Core.Persistence.Pickling;

/// <summary>The stack and the memo of the pickle machine, with their limits.</summary>
internal sealed class PickleStack(FileLimits limits, FileErrors errors)
{
    private readonly List<object?> values = [];
    private readonly Dictionary<uint, object?> memo = [];
    private int marks;

    public int Count => values.Count;

    public void Push(object? value)
    {
        if (values.Count >= limits.PickleStack)
            throw errors.Limit($"its pickle stacks more than {limits.PickleStack} values");
        if (value is PickleMark && ++marks > limits.PickleDepth)
            throw errors.Limit($"its pickle nests deeper than {limits.PickleDepth} levels");
        values.Add(value);
    }

    public object? Pop()
    {
        object? value = Peek();
        values.RemoveAt(values.Count - 1);
        return value;
    }

    /// <summary>The top value; a mark is none.</summary>
    public object? Peek()
    {
        if (values.Count == 0 || values[^1] is PickleMark)
            throw errors.BadPickle("it takes a value where there is none");
        return values[^1];
    }

    /// <summary>The top value, which must be of that kind.</summary>
    public T Peek<T>()
        where T : class => Peek() as T ?? throw Unexpected<T>(Peek());

    /// <summary>Takes the top value, which must be of that kind.</summary>
    public T Pop<T>()
        where T : class
    {
        T value = Peek<T>();
        Pop();
        return value;
    }

    /// <summary>Takes the values above the last mark, and the mark.</summary>
    public object?[] PopToMark()
    {
        int mark = values.FindLastIndex(value => value is PickleMark);
        if (mark < 0)
            throw errors.BadPickle("it closes a group that was not opened");
        object?[] items = [.. values[(mark + 1)..]];
        values.RemoveRange(mark, values.Count - mark);
        marks--;
        return items;
    }

    /// <summary>Takes the last values, the deepest first.</summary>
    public object?[] Pop(int count)
    {
        var items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
            items[i] = Pop();
        return items;
    }

    public void Remember(uint index)
    {
        memo[index] = Peek();
        if (memo.Count > limits.PickleMemo)
            throw errors.Limit($"its pickle remembers more than {limits.PickleMemo} values");
    }

    public void Recall(uint index)
    {
        if (!memo.TryGetValue(index, out object? value))
            throw errors.BadPickle($"it recalls value {index}, which was never remembered");
        Push(value);
    }

    private PersistenceException Unexpected<T>(object? value) => errors.BadPickle($"{Describe(value)} where {Describe(typeof(T))} belongs");

    private static string Describe(object? value) => Describe(value?.GetType() ?? typeof(void));

    private static string Describe(Type type) =>
        type == typeof(void) ? "None" : type.Name.Replace("Pickle", "a ", StringComparison.Ordinal);
}
