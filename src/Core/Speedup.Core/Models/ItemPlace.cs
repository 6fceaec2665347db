using System.Collections;
using System.Text;

namespace Speedup.Core.Models;

/// <summary>An item of a list or of an array of one axis.</summary>
internal sealed class ListItemPlace(Place parent, IList list, int index, Type held) : Place(parent)
{
    public override Type Type => held;

    public override object? Get() => list[index];

    public override void Set(object other) => list[index] = other;

    protected override void AppendTo(StringBuilder name) => name.Append('[').Append(index).Append(']');
}

/// <summary>An entry of a dictionary.</summary>
internal sealed class EntryPlace(Place parent, IDictionary dictionary, object key, Type held) : Place(parent)
{
    public override Type Type => held;

    public override object? Get() => dictionary[key];

    public override void Set(object other) => dictionary[key] = other;

    protected override void AppendTo(StringBuilder name) => name.Append('[').Append(key).Append(']');
}

/// <summary>An element of an array of several axes, or of one that does not begin at 0.</summary>
internal sealed class ElementPlace(Place parent, Array array, int[] index, Type held) : Place(parent)
{
    public override Type Type => held;

    public override object? Get() => array.GetValue(index);

    public override void Set(object other) => array.SetValue(other, index);

    protected override void AppendTo(StringBuilder name) => name.Append('[').AppendJoin(", ", index).Append(']');
}

/// <summary>An item that is found by name, or by the means of its collection.</summary>
internal sealed class NamedPlace(Place parent, string label, bool isName, Type held, Func<object?> get, Action<object> set) : Place(parent)
{
    public override Type Type => held;

    public override object? Get() => get();

    public override void Set(object other) => set(other);

    protected override void AppendTo(StringBuilder name)
    {
        if (isName)
            AppendName(name, label);
        else
            name.Append('[').Append(label).Append(']');
    }
}
