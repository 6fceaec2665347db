using System.Collections;

namespace Speedup.Core.Models;

/// <summary>The entries of a dictionary.</summary>
internal sealed class DictionaryHolder(IDictionary dictionary) : StateHolder
{
    private readonly object[] _keys = [.. dictionary.Keys.Cast<object>()];

    /// <inheritdoc/>
    public override IReadOnlyList<object?> Values { get; } = [.. dictionary.Values.Cast<object?>()];

    /// <inheritdoc/>
    public override string NameOf(int index) => $"an entry of a {dictionary.GetType().Name}";

    /// <inheritdoc/>
    public override IReadOnlyList<object?> Read() =>
        dictionary.Count == _keys.Length && Array.TrueForAll(_keys, dictionary.Contains)
            ? [.. _keys.Select(key => dictionary[key])]
            : [.. dictionary.Values.Cast<object?>(), null]; // never as many as there were, or other ones

    /// <inheritdoc/>
    public override void Write()
    {
        dictionary.Clear();
        for (int i = 0; i < _keys.Length; i++)
            dictionary[_keys[i]] = Values[i];
    }
}
