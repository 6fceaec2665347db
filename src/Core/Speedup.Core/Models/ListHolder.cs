using System.Collections;

namespace Speedup.Core.Models;

/// <summary>The items of a list or array.</summary>
internal sealed class ListHolder(IList list) : StateHolder
{
    /// <inheritdoc/>
    public override IReadOnlyList<object?> Values { get; } = [.. list.Cast<object?>()];

    /// <inheritdoc/>
    public override string NameOf(int index) => $"an item of a {list.GetType().Name}";

    /// <inheritdoc/>
    public override IReadOnlyList<object?> Read() => [.. list.Cast<object?>()];

    /// <inheritdoc/>
    public override void Write()
    {
        if (list.IsFixedSize || list.Count == Values.Count)
        {
            for (int i = 0; i < Values.Count; i++)
                list[i] = Values[i];
            return;
        }
        list.Clear();
        foreach (object? value in Values)
            list.Add(value);
    }
}
