using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>Walks the objects of a model and notes every place that refers to a module or tensor.</summary>
internal sealed class ObjectWalk
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Type, FieldInfo[]> _fields = [];

    /// <summary>Modules below the root, each with the places that refer to it.</summary>
    public Dictionary<nn.Module, List<Slot>> Modules { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Tensors, each with the places that refer to it.</summary>
    public Dictionary<Tensor, List<Slot>> Tensors { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Walks from the root.</summary>
    public void Run(nn.Module root)
    {
        _seen.Add(root);
        VisitFields(root, new Place("", root.GetType(), () => root, _ => { }));
    }

    private void Visit(Place place)
    {
        object? value = place.Get();
        switch (value)
        {
            case null or string or Pointer:
                return;
            case Tensor tensor:
                Note(Tensors, tensor, place.ToSlot());
                return;
            case nn.Module module:
                Note(Modules, module, place.ToSlot());
                break;
            case Delegate function:
                VisitTargets(function, place); // each time: every copy of a delegate must learn of a new target
                return;
        }
        Type type = value.GetType();
        if (type.IsPrimitive || type.IsEnum || (!type.IsValueType && !_seen.Add(value)))
            return;
        VisitContent(value, place);
    }

    private void VisitContent(object value, Place place)
    {
        Type type = value.GetType();
        if (value is not nn.Module && CollectionPlaces.Find(value, place.Name) is { } inner)
        {
            foreach (Place item in inner)
                Visit(item);
        }
        else if (value is nn.Module || CodeOrigin.IsUserType(type) || IsContainer(type))
        {
            VisitFields(value, place);
        }
    }

    private static void Note<T>(Dictionary<T, List<Slot>> found, T value, Slot slot)
        where T : notnull
    {
        if (!found.TryGetValue(value, out List<Slot>? slots))
            found[value] = slots = [];
        slots.Add(slot);
    }

    private void VisitTargets(Delegate function, Place place)
    {
        foreach ((int position, Delegate single) in function.GetInvocationList().Index())
        {
            if (single.Target is { } target)
                Visit(
                    new Place(
                        place.Name,
                        single.Method.DeclaringType ?? typeof(object),
                        () => target,
                        other => place.Set(BoundDelegate.Rebind((Delegate)place.Get()!, position, other))
                    )
                );
        }
    }

    private void VisitFields(object owner, Place place)
    {
        foreach (FieldInfo field in FieldsOf(owner.GetType()))
            Visit(PlaceOf(field, owner, place));
    }

    /// <summary>A field of an object, or of a structure, which is stored again as a whole where one of its fields changes.</summary>
    private static Place PlaceOf(FieldInfo field, object owner, Place place)
    {
        string name = CollectionPlaces.Join(place.Name, NameOf(field));
        if (!owner.GetType().IsValueType)
            return new Place(name, field.FieldType, () => field.GetValue(owner), other => field.SetValue(owner, other));
        return new Place(name, field.FieldType, () => field.GetValue(place.Get()), Store);

        void Store(object other)
        {
            object structure = place.Get()!;
            field.SetValue(structure, other);
            place.Set(structure);
        }
    }

    /// <summary>The fields that may lead to a module or tensor; a model has many modules of few types.</summary>
    private FieldInfo[] FieldsOf(Type owner)
    {
        if (_fields.TryGetValue(owner, out FieldInfo[]? known))
            return known;
        var fields = new List<FieldInfo>();
        for (Type? type = owner; type is not null && type != typeof(object); type = type.BaseType)
            fields.AddRange(type.GetFields(OwnFields).Where(field => MayLeadOn(field.FieldType)));
        return _fields[owner] = [.. fields];
    }

    private static bool MayLeadOn(Type type) =>
        !type.IsPrimitive && !type.IsEnum && !type.IsPointer && !type.IsByRefLike && type != typeof(string);

    /// <summary>
    /// Whether objects of a type of the platform hold objects of the types that it is made for: a tuple, queue, lazy value or immutable list.
    /// </summary>
    private static bool IsContainer(Type type) => type.IsGenericType && type.GetGenericArguments().Any(MayHold);

    private static bool MayHold(Type type) => TensorTypes.CanCarry(type) || CodeOrigin.IsUserType(type) || IsContainer(type);

    private static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.IndexOf('>', StringComparison.Ordinal) is var end and > 1
            ? field.Name[1..end]
            : field.Name;
}
