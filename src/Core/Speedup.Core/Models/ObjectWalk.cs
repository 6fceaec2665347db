using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// Walks the objects of a model and notes every place that refers to a module or tensor, in the order of fields and items. What is still to be
/// visited is a list of its own, not the stack: the user's chains of objects may be of any length.
/// </summary>
internal sealed class ObjectWalk
{
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly LeadingTypes _types = new();
    private readonly Stack<(Place Place, object Value)> _pending = [];
    private readonly List<(Place Place, object Value)> _found = [];

    /// <summary>Modules below the root, each with the places that refer to it.</summary>
    public Dictionary<nn.Module, List<Place>> Modules { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Tensors, each with the places that refer to it.</summary>
    public Dictionary<Tensor, List<Place>> Tensors { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Walks from the root.</summary>
    public void Run(nn.Module root)
    {
        _seen.Add(root);
        FindInFields(root, new RootPlace(root));
        while (_pending.TryPop(out (Place Place, object Value) next))
            Visit(next.Place, next.Value);
    }

    private void Visit(Place place, object value)
    {
        switch (value)
        {
            case Tensor tensor:
                Note(Tensors, tensor, place);
                return;
            case nn.Module module:
                Note(Modules, module, place);
                break;
            case Delegate function:
                FindTargets(function, place); // each time: every copy of a delegate must learn of a new target
                return;
        }
        if (!value.GetType().IsValueType && !_seen.Add(value))
            return;
        if (value is not nn.Module && CollectionPlaces.Find(value, place) is { } items)
        {
            foreach (Place item in items)
                Add(item, item.Get());
            PutFirst();
        }
        else if (LeadingTypes.IsOpen(value.GetType()))
        {
            FindInFields(value, place);
        }
    }

    private static void Note<T>(Dictionary<T, List<Place>> found, T value, Place place)
        where T : notnull
    {
        if (!found.TryGetValue(value, out List<Place>? places))
            found[value] = places = [];
        places.Add(place);
    }

    private void FindTargets(Delegate function, Place place)
    {
        foreach ((int position, Delegate single) in function.GetInvocationList().Index())
            Add(new TargetPlace(place, position, single), single.Target);
        PutFirst();
    }

    private void FindInFields(object owner, Place place)
    {
        FieldInfo[] fields = _types.FieldsOf(owner.GetType());
        for (int i = fields.Length - 1; i >= 0; i--)
        {
            if (fields[i].GetValue(owner) is { } value && _types.Leads(value.GetType()))
                _pending.Push((new FieldPlace(place, owner, fields[i]), value));
        }
    }

    private void Add(Place place, object? value)
    {
        if (value is not null && _types.Leads(value.GetType()))
            _found.Add((place, value));
    }

    /// <summary>What was found in a collection is visited before all else, in its order.</summary>
    private void PutFirst()
    {
        for (int i = _found.Count - 1; i >= 0; i--)
            _pending.Push(_found[i]);
        _found.Clear();
    }
}
