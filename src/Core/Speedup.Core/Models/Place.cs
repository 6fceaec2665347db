using System.Reflection;
using System.Text;

namespace Speedup.Core.Models;

/// <summary>Where a walk through objects stands: something that can be read, and stored anew.</summary>
/// <param name="parent">Where it was come from; null at the root.</param>
internal abstract class Place(Place? parent)
{
    /// <summary>Where it was come from; null at the root.</summary>
    protected Place? Parent => parent;

    /// <summary>What it is declared to hold.</summary>
    public abstract Type Type { get; }

    /// <summary>Where, for people. It is put together when it is asked for: in a list of a million nodes the last one's has a million parts.</summary>
    public string Name
    {
        get
        {
            List<Place> way = [];
            for (Place? at = this; at is not null; at = at.Parent)
                way.Add(at);
            var name = new StringBuilder();
            for (int i = way.Count - 1; i >= 0; i--)
                way[i].AppendTo(name);
            return name.ToString();
        }
    }

    /// <summary>Reads what is there now; a structure as a copy.</summary>
    public abstract object? Get();

    /// <summary>Stores something else there, in place.</summary>
    public abstract void Set(object other);

    /// <summary>Adds its own part to a name.</summary>
    protected abstract void AppendTo(StringBuilder name);

    /// <summary>Adds a name after a dot, but for those that TorchSharp's containers give to what holds their items.</summary>
    protected static void AppendName(StringBuilder name, string part)
    {
        if (part is "_internal_submodules" or "_modules" or "_list")
            return;
        if (name.Length > 0)
            name.Append('.');
        name.Append(part);
    }
}

/// <summary>The model itself.</summary>
internal sealed class RootPlace(object root) : Place(null)
{
    public override Type Type => root.GetType();

    public override object? Get() => root;

    public override void Set(object other) { }

    protected override void AppendTo(StringBuilder name) { }
}

/// <summary>A field of an object, or of a structure, which is stored again as a whole where one of its fields changes.</summary>
internal sealed class FieldPlace(Place parent, object owner, FieldInfo info) : Place(parent)
{
    public override Type Type => info.FieldType;

    private bool IsOfStructure => owner.GetType().IsValueType;

    public override object? Get() => info.GetValue(IsOfStructure ? Parent!.Get() : owner);

    public override void Set(object other)
    {
        object holder = IsOfStructure ? Parent!.Get()! : owner;
        info.SetValue(holder, other);
        if (IsOfStructure)
            Parent!.Set(holder);
    }

    protected override void AppendTo(StringBuilder name)
    {
        int end = info.Name.StartsWith('<') ? info.Name.IndexOf('>', StringComparison.Ordinal) : -1;
        AppendName(name, end > 1 ? info.Name[1..end] : info.Name);
    }
}

/// <summary>The object to which one of a delegate's functions is bound.</summary>
internal sealed class TargetPlace(Place parent, int position, Delegate function) : Place(parent)
{
    public override Type Type => function.Method.DeclaringType ?? typeof(object);

    public override object? Get() => function.Target;

    public override void Set(object other) => Parent!.Set(BoundDelegate.Rebind((Delegate)Parent.Get()!, position, other));

    protected override void AppendTo(StringBuilder name) { }
}
