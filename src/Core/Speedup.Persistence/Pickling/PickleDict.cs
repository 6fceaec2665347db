namespace Speedup.Persistence.Pickling;

/// <summary>
/// A dict of any kind; keys are strings or whole numbers. The pairs are a list, which no choice of keys can make slow; keys are compared where a
/// dict is used, and only text is.
/// </summary>
internal sealed class PickleDict(bool isOrderedDict = false)
{
    /// <summary>An entry of a set of strings that grows by doubling.</summary>
    private const int Seen = 96;
    private List<KeyValuePair<object, object?>>? _items;

    public bool IsOrderedDict => isOrderedDict;

    public IReadOnlyList<KeyValuePair<object, object?>> Items => _items ?? [];

    public void Add(object key, object? value) => (_items ??= []).Add(KeyValuePair.Create(key, value));

    /// <summary>Checks that no text is a key twice. Whole numbers are not looked at: no dict that has one is used.</summary>
    /// <exception cref="PersistenceException">One is.</exception>
    public void CheckKeys(LoadBudget budget, FileErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((object key, _) in Items)
        {
            if (key is not string text)
                continue;
            budget.Charge(Seen + (2L * text.Length));
            if (!seen.Add(text))
                throw errors.BadPickle($"a dict with the key '{Masks.Quoted.Text(text)}' twice");
        }
    }
}
