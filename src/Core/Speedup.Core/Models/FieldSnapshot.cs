using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// What the objects of a model hold: the fields of its own classes and of others that know tensors, not those of TorchSharp, and the lists,
/// dictionaries, arrays and queues that these lead to.
/// </summary>
internal sealed class FieldSnapshot
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const BindingFlags SharedFields =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Longer arrays of numbers are data and not state, and so are other collections of what leads to no tensor.</summary>
    private const int MostNumbers = 1 << 22;
    private const int MostItems = 1 << 16;

    /// <summary>So are more of them in all such collections together, and in objects that lead to no tensor.</summary>
    private const int MostItemsTogether = 1 << 20;
    private const int MostPlainObjects = 1 << 18;
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Assembly> _assemblies;
    private readonly List<StateHolder> _holders = [];
    private readonly Stack<object> _pending = [];
    private readonly LeadingTypes _types = new();
    private readonly Dictionary<Type, (FieldInfo[] Written, FieldInfo[] Fixed)> _fields = [];
    private int _items;
    private int _plainObjects;

    /// <summary>Walks the objects.</summary>
    public FieldSnapshot(ModelInventory inventory)
    {
        nn.Module[] modules = [.. inventory.Modules.Select(entry => entry.Module)];
        _assemblies = [.. modules.Where(module => !CodeOrigin.IsTorch(module.GetType())).Select(module => module.GetType().Assembly)];
        VisitAll(modules);
    }

    /// <summary>The tensors that fields and collections hold, with names for people.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Tensors =>
        from holder in _holders
        from index in Enumerable.Range(0, holder.Values.Count)
        from leaf in Structure.Leaves(holder.Values[index])
        where leaf is Tensor { IsInvalid: false }
        select (holder.NameOf(index), (Tensor)leaf);

    /// <summary>The random generators that they hold.</summary>
    public IEnumerable<Generator> Generators => _seen.OfType<Generator>();

    /// <summary>Puts back what has changed.</summary>
    /// <param name="changes">Learns what that was.</param>
    /// <param name="isLike">Whether a tensor is as good as the one whose place it took, so that nothing has changed.</param>
    public void Restore(StateChanges changes, Func<Tensor, Tensor, bool> isLike)
    {
        foreach (StateHolder holder in _holders)
        {
            IReadOnlyList<object?> now = holder.Read();
            if (holder.FindChanges(now, isLike) is not { Count: > 0 } places)
            {
                if (Enumerable.Range(0, now.Count).Any(i => !Structure.AreSame(now[i], holder.Values[i])))
                    holder.Write(); // the very objects, all the same
                continue;
            }
            foreach (int place in places)
                changes.Add(holder.NameOf(place));
            HashSet<object?> left = new(now.SelectMany(Structure.Leaves), ReferenceEqualityComparer.Instance);
            foreach (Tensor tensor in holder.Values.SelectMany(Structure.Leaves).OfType<Tensor>().Where(tensor => !left.Contains(tensor)))
                changes.Add(tensor);
            holder.Write();
        }
    }

    /// <summary>
    /// Notes objects, without recursion: chains of the user's objects may be of any length. Collections and objects that lead to no tensor are state
    /// only where they are few.
    /// </summary>
    private void VisitAll(IEnumerable<object> roots)
    {
        foreach (object root in roots)
        {
            _pending.Push(root);
            while (_pending.TryPop(out object? next))
                Visit(next);
        }
    }

    private void Visit(object value)
    {
        Type type = value.GetType();
        if (value is string or Pointer or Tensor || type.IsPrimitive || type.IsEnum)
            return;
        if (value is ValueType)
        {
            foreach (object? leaf in Structure.Leaves(value))
                Push(leaf);
            return;
        }
        if (!_seen.Add(value))
            return;
        switch (value)
        {
            case Delegate function:
                foreach (Delegate single in function.GetInvocationList())
                    Push(single.Target);
                break;
            case IDictionary { IsReadOnly: false } dictionary:
                if (IsState(type, dictionary.Count))
                    Add(new DictionaryHolder(dictionary));
                break;
            case Array numbers when type.GetElementType()!.IsPrimitive:
                if (numbers.LongLength <= MostNumbers)
                    _holders.Add(new NumbersHolder(numbers));
                break;
            case Array { Rank: > 1 }:
                break;
            case IList { IsReadOnly: false } or Array:
                if (IsState(type, ((IList)value).Count))
                    Add(new ListHolder((IList)value));
                break;
            default:
                VisitFields(value, type);
                break;
        }
    }

    private void Push(object? value)
    {
        if (value is not null)
            _pending.Push(value);
    }

    private bool IsState(Type type, int count)
    {
        if (_types.Leads(type))
            return true;
        if (count > MostItems || _items + count > MostItemsTogether)
            return false;
        _items += count;
        return true;
    }

    private void VisitFields(object owner, Type type)
    {
        if (!_types.Leads(type) && ++_plainObjects > MostPlainObjects)
            return;
        Note(owner, FieldsOf(type));
        for (Type? at = owner is nn.Module ? type : null; at is not null; at = at.BaseType)
        {
            if (IsWalked(at) && !at.ContainsGenericParameters && _seen.Add(at))
                Note(null, Divide([.. at.GetFields(SharedFields).Where(IsSharedState)]));
        }
    }

    private void Note(object? owner, (FieldInfo[] Written, FieldInfo[] Fixed) fields)
    {
        if (fields.Written.Length > 0)
            Add(new ObjectHolder(owner, fields.Written));
        foreach (FieldInfo field in fields.Fixed)
            Push(field.GetValue(owner));
    }

    /// <summary>The fields of a type that code can write, and those that stay but may hold something that it can.</summary>
    private (FieldInfo[] Written, FieldInfo[] Fixed) FieldsOf(Type owner)
    {
        if (_fields.TryGetValue(owner, out (FieldInfo[] Written, FieldInfo[] Fixed) known))
            return known;
        List<FieldInfo> all = [];
        for (Type? type = owner; type is not null; type = type.BaseType)
            if (IsWalked(type))
                all.AddRange(type.GetFields(OwnFields).Where(field => !field.FieldType.IsPointer));
        return _fields[owner] = Divide(all);
    }

    private static (FieldInfo[] Written, FieldInfo[] Fixed) Divide(IReadOnlyList<FieldInfo> fields) =>
        ([.. fields.Where(field => !field.IsInitOnly)], [.. fields.Where(field => field.IsInitOnly)]);

    /// <summary>Whether the fields of a type are the model's state: those of its own classes, of helpers that know tensors, of queues, and of <c>Random</c>.</summary>
    private bool IsWalked(Type type) =>
        _assemblies.Contains(type.Assembly)
        || (CodeOrigin.IsUserType(type) && CodeOrigin.UsesTorch(type.Assembly))
        || type.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) == true
        || type == typeof(Random)
        || type.DeclaringType == typeof(Random)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(StrongBox<>) || type.Name == "FSharpRef`1"));

    /// <summary>Static fields, without what the compiler keeps there.</summary>
    private static bool IsSharedState(FieldInfo field) =>
        !field.IsLiteral
        && !field.FieldType.IsPointer
        && !typeof(Delegate).IsAssignableFrom(field.FieldType)
        && (!field.Name.StartsWith('<') || field.Name.EndsWith("k__BackingField", StringComparison.Ordinal));

    private void Add(StateHolder holder)
    {
        _holders.Add(holder);
        foreach (object? value in holder.Values)
            Push(value);
    }
}
