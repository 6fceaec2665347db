using System.Collections;
using System.Reflection;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
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
        VisitFields(root, "");
    }

    private void Visit(object? value, string place, Type type, Action<object> set)
    {
        switch (value)
        {
            case null or string or Pointer:
                return;
            case Tensor tensor:
                Note(Tensors, tensor, new Slot(place, type, set));
                return;
            case nn.Module module:
                Note(Modules, module, new Slot(place, type, set));
                break;
        }
        if (value.GetType().IsPrimitive || value.GetType().IsEnum || !_seen.Add(value))
            return;
        VisitContent(value, place);
    }

    private void VisitContent(object value, string place)
    {
        switch (value)
        {
            case nn.Module:
                VisitFields(value, place);
                break;
            case Delegate function:
                foreach (Delegate single in function.GetInvocationList())
                    Visit(single.Target, place, typeof(object), _ => { });
                break;
            case OrderedDict<string, nn.Module> children:
                foreach ((string key, nn.Module child) in (IEnumerable<(string, nn.Module)>)children)
                    Visit(child, Join(place, key), typeof(nn.Module), other => children[key] = (nn.Module)other);
                break;
            case OrderedDict<string, Parameter> parameters:
                foreach ((string key, Parameter parameter) in (IEnumerable<(string, Parameter)>)parameters)
                    Visit(parameter, Join(place, key), typeof(Parameter), other => parameters[key] = (Parameter)other);
                break;
            case OrderedDict<string, (Tensor, bool)> buffers:
                foreach ((string key, (Tensor buffer, bool persistent)) in (IEnumerable<(string, (Tensor, bool))>)buffers)
                    Visit(buffer, Join(place, key), typeof(Tensor), other => buffers[key] = ((Tensor)other, persistent));
                break;
            case IDictionary dictionary:
                foreach (object key in dictionary.Keys.Cast<object>().ToArray())
                    Visit(
                        dictionary[key],
                        $"{place}[{key}]",
                        HeldBy(dictionary, typeof(IDictionary<,>), 1),
                        other => dictionary[key] = other
                    );
                break;
            case IList list when MayHold(list):
                for (int i = 0; i < list.Count; i++)
                {
                    int index = i;
                    Visit(list[i], $"{place}[{i}]", HeldBy(list, typeof(IList<>), 0), other => list[index] = other);
                }
                break;
            default:
                if (IsUserObject(value.GetType()))
                    VisitFields(value, place);
                break;
        }
    }

    private static void Note<T>(Dictionary<T, List<Slot>> found, T value, Slot slot)
        where T : notnull
    {
        if (!found.TryGetValue(value, out List<Slot>? slots))
            found[value] = slots = [];
        slots.Add(slot);
    }

    private void VisitFields(object owner, string place)
    {
        foreach (FieldInfo field in FieldsOf(owner.GetType()))
        {
            if (field.GetValue(owner) is { } value)
                Visit(value, Join(place, NameOf(field)), field.FieldType, other => field.SetValue(owner, other));
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

    private static bool MayLeadOn(Type type) => !type.IsPrimitive && !type.IsEnum && !type.IsPointer && type != typeof(string);

    /// <summary>What a collection may hold: the argument of its generic interface.</summary>
    private static Type HeldBy(object collection, Type definition, int argument) =>
        Array
            .Find(collection.GetType().GetInterfaces(), type => type.IsGenericType && type.GetGenericTypeDefinition() == definition)
            ?.GetGenericArguments()[argument]
        ?? typeof(object);

    private static bool MayHold(IList list) => list is not Array array || !array.GetType().GetElementType()!.IsPrimitive;

    private static bool IsUserObject(Type type) =>
        !type.IsPrimitive && !CodeOrigin.IsPlatform(type.Assembly) && type.Assembly != typeof(torch).Assembly;

    private static string Join(string place, string name) =>
        name is "_internal_submodules" or "_modules" or "_list" ? place
        : place.Length == 0 ? name
        : $"{place}.{name}";

    private static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.IndexOf('>', StringComparison.Ordinal) is var end and > 1
            ? field.Name[1..end]
            : field.Name;
}
