namespace Speedup.Persistence.Pickling;

/// <summary>
/// The stack and the memo of the pickle machine, with their limits. The memo is a list, since picklers number what they remember from 0 on: no
/// choice of numbers can make it slow, and a large one costs what it takes.
/// </summary>
internal sealed class PickleStack(FileLimits limits, LoadBudget budget, FileErrors errors)
{
    private readonly List<object?> _values = [];
    private readonly List<object?> _memo = [];
    private int _deepest;
    private int _marks;

    public int Count => _values.Count;

    public void Push(object? value)
    {
        if (value is PickleMark && ++_marks > limits.PickleDepth)
            throw errors.Limit($"its pickle nests deeper than {limits.PickleDepth} levels");
        if (_values.Count == _deepest)
        {
            budget.Charge(LoadBudget.Slot);
            _deepest++;
        }
        _values.Add(value);
    }

    public object? Pop()
    {
        object? value = Peek();
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    /// <summary>The top value; a mark is none.</summary>
    public object? Peek() => Peek(0);

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

    /// <summary>How many values are above the last mark.</summary>
    public int CountToMark()
    {
        int mark = _values.FindLastIndex(value => value is PickleMark);
        if (mark < 0)
            throw errors.BadPickle("it closes a group that was not opened");
        return _values.Count - mark - 1;
    }

    /// <summary>Takes the last values, the deepest first.</summary>
    public object?[] PopArray(int count)
    {
        budget.Charge(LoadBudget.ArrayOf(count));
        var items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
            items[i] = Pop();
        return items;
    }

    /// <summary>Takes a mark from the top.</summary>
    public void PopMark()
    {
        _values.RemoveAt(_values.Count - 1);
        _marks--;
    }

    /// <summary>Moves the last values to the end of the list below them, the mark between them too.</summary>
    public void MoveToList(int count, bool marked)
    {
        List<object?> target = Below<PickleList>(count, marked).Items;
        budget.Charge(((long)LoadBudget.Slot * count) + (target.Count == 0 ? LoadBudget.FirstSlots : 0));
        for (int i = _values.Count - count; i < _values.Count; i++)
            target.Add(_values[i]);
        Drop(count, marked);
    }

    /// <summary>Moves the last values, keys and values in turn, to the dict below them, the mark between them too.</summary>
    public void MoveToDict(int count, bool marked)
    {
        PickleDict target = Below<PickleDict>(count, marked);
        if (count % 2 != 0)
            throw errors.BadPickle("a dict with a key that has no value");
        budget.Charge(((long)LoadBudget.Slot * count) + (target.Items.Count == 0 ? LoadBudget.FirstSlots : 0));
        for (int i = _values.Count - count; i < _values.Count; i += 2)
        {
            if (_values[i] is not (string or long))
                throw errors.BadPickle(
                    $"a dict key that is neither text nor a whole number ({(_values[i] is null ? "None" : Describe(_values[i]))})"
                );
            target.Add(_values[i]!, _values[i + 1]);
        }
        Drop(count, marked);
    }

    public void Remember(uint index)
    {
        object? value = Peek();
        if (index >= (uint)_memo.Count)
        {
            budget.Charge(LoadBudget.Slot * (index - (long)_memo.Count + 1));
            while (_memo.Count <= index)
                _memo.Add(PickleMark.Instance); // stands for nothing: no mark is ever remembered
        }
        _memo[(int)index] = value;
    }

    /// <summary>Remembers the top value under the next number.</summary>
    public void Remember() => Remember((uint)_memo.Count);

    public void Recall(uint index)
    {
        if (index >= (uint)_memo.Count || _memo[(int)index] is PickleMark)
            throw errors.BadPickle($"it recalls value {index}, which was never remembered");
        Push(_memo[(int)index]);
    }

    private object? Peek(int below)
    {
        int at = _values.Count - 1 - below;
        if (at < 0 || _values[at] is PickleMark)
            throw errors.BadPickle("it takes a value where there is none");
        return _values[at];
    }

    private T Below<T>(int count, bool marked)
        where T : class
    {
        for (int i = 0; i < count; i++)
            Peek(i);
        object? target = Peek(marked ? count + 1 : count);
        return target as T ?? throw Unexpected<T>(target);
    }

    private void Drop(int count, bool marked)
    {
        _values.RemoveRange(_values.Count - count, count);
        if (marked)
            PopMark();
    }

    private PersistenceException Unexpected<T>(object? value) => errors.BadPickle($"{Describe(value)} where {Describe(typeof(T))} belongs");

    private static string Describe(object? value) => Describe(value?.GetType() ?? typeof(void));

    private static string Describe(Type type) =>
        type == typeof(void) ? "None" : type.Name.Replace("Pickle", "a ", StringComparison.Ordinal);
}
