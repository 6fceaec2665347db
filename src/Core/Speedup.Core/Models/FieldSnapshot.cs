using System.Collections;
using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// What the objects of a model hold: the fields of its own classes, not those of TorchSharp or of other libraries, and the lists,
/// dictionaries and arrays that these lead to.
/// </summary>
internal sealed class FieldSnapshot : IDisposable
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Longer arrays of numbers are data and not state.</summary>
    private const int MostNumbers = 1 << 16;

    /// <summary>So are more of them in all collections of numbers together, and in objects that lead to no tensor.</summary>
    private const int MostNumbersTogether = 1 << 20;
    private const int MostPlainObjects = 1 << 18;
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Assembly> _assemblies;
    private readonly HashSet<Tensor> _registered = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, Tensor> _aliases = new(ReferenceEqualityComparer.Instance);
    private readonly List<Holder> _holders = [];
    private readonly ModelInventory _inventory;
    private readonly Stack<object> _pending = [];
    private readonly LeadingTypes _types = new();
    private readonly Dictionary<Type, (FieldInfo[] Written, FieldInfo[] Fixed)> _fields = [];
    private int _numbers;
    private int _plainObjects;

    /// <summary>Walks the objects.</summary>
    public FieldSnapshot(ModelInventory inventory)
    {
        _inventory = inventory;
        nn.Module[] modules = [.. inventory.Modules.Select(entry => entry.Module)];
        _assemblies = [.. modules.Where(module => !CodeOrigin.IsTorch(module.GetType())).Select(module => module.GetType().Assembly)];
        foreach (nn.Module module in modules)
            _registered.UnionWith(ModelInventory.TensorsOf(module).Select(own => own.Tensor));
        VisitAll(modules);
    }

    /// <summary>Puts aliases of all cached tensors in their places, so that a pass may dispose them.</summary>
    public void PutAliases()
    {
        foreach (Holder holder in _holders)
        {
            if (holder.Values.Any(IsCached))
                holder.Write([.. holder.Values.Select(value => IsCached(value) ? PutAlias((Tensor)value!) : value)]);
        }
    }

    /// <summary>Puts back what has changed. A tensor that was disposed comes back as an alias.</summary>
    public void Restore()
    {
        foreach (Holder holder in _holders)
        {
            if (holder.Values.Any(value => value is Tensor { IsInvalid: true }))
                holder.Values = [.. holder.Values.Select(Usable)];
            if (!IsSame(holder.Read(), holder.Values))
                holder.Write(holder.Values);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor alias in _aliases.Values)
            alias.Dispose();
        _aliases.Clear();
    }

    private bool IsCached(object? value) => value is Tensor { IsInvalid: false } tensor && !_registered.Contains(tensor);

    /// <summary>A value, or an alias of a tensor that was disposed, which is the model's from then on.</summary>
    private object? Usable(object? value)
    {
        if (value is not Tensor { IsInvalid: true } tensor || !_aliases.Remove(tensor, out Tensor? alias))
            return value;
        AddAlias(alias);
        return alias;
    }

    private Tensor PutAlias(Tensor tensor)
    {
        Tensor alias = tensor.alias();
        _inventory.AddAlias(alias, tensor);
        return alias;
    }

    private void AddAlias(Tensor tensor) => _aliases[tensor] = tensor.alias().DetachFromDisposeScope();

    private static bool IsSame(IReadOnlyList<object?> now, IReadOnlyList<object?> then) =>
        now.Count == then.Count && Enumerable.Range(0, now.Count).All(i => IsSame(now[i], then[i]));

    /// <summary>Structures count as changed: what equality means to them is theirs.</summary>
    private static bool IsSame(object? now, object? then) =>
        ReferenceEquals(now, then) || (then is not null && (then.GetType().IsPrimitive || then.GetType().IsEnum) && then.Equals(now));

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
        if (value is string or Pointer or Tensor || type.IsPrimitive || type.IsEnum || !_seen.Add(value))
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
        if (count > MostNumbers || _numbers + count > MostNumbersTogether)
            return false;
        _numbers += count;
        return true;
    }

    private void VisitFields(object owner, Type type)
    {
        (FieldInfo[] written, FieldInfo[] fixedOnes) = FieldsOf(type);
        if (written.Length > 0)
        {
            if (!_types.Leads(type) && ++_plainObjects > MostPlainObjects)
                return;
            Add(new ObjectHolder(owner, written));
        }
        foreach (FieldInfo field in fixedOnes)
            Push(field.GetValue(owner));
    }

    /// <summary>The fields of a type that code can write, and those that stay but may hold something that it can.</summary>
    private (FieldInfo[] Written, FieldInfo[] Fixed) FieldsOf(Type owner)
    {
        if (_fields.TryGetValue(owner, out (FieldInfo[] Written, FieldInfo[] Fixed) known))
            return known;
        List<FieldInfo> all = [];
        for (Type? type = owner; type is not null; type = type.BaseType)
            if (_assemblies.Contains(type.Assembly))
                all.AddRange(type.GetFields(OwnFields).Where(field => !field.FieldType.IsPointer));
        return _fields[owner] = ([.. all.Where(field => !field.IsInitOnly)], [.. all.Where(field => field.IsInitOnly)]);
    }

    private void Add(Holder holder)
    {
        _holders.Add(holder);
        foreach (object? value in holder.Values)
        {
            if (IsCached(value) && !_aliases.ContainsKey((Tensor)value!))
                AddAlias((Tensor)value!);
            Push(value);
        }
    }

    /// <summary>Something that holds values.</summary>
    private abstract class Holder
    {
        /// <summary>What it held, and is to hold again.</summary>
        public abstract IReadOnlyList<object?> Values { get; set; }

        /// <summary>What it holds now.</summary>
        public abstract IReadOnlyList<object?> Read();

        /// <summary>Lets it hold other values, as many as it held.</summary>
        public abstract void Write(IReadOnlyList<object?> values);
    }

    private sealed class ObjectHolder(object owner, FieldInfo[] fields) : Holder
    {
        public override IReadOnlyList<object?> Values { get; set; } = Array.ConvertAll(fields, field => field.GetValue(owner));

        public override IReadOnlyList<object?> Read() => Array.ConvertAll(fields, field => field.GetValue(owner));

        public override void Write(IReadOnlyList<object?> values)
        {
            for (int i = 0; i < fields.Length; i++)
                if (!IsSame(fields[i].GetValue(owner), values[i]))
                    fields[i].SetValue(owner, values[i]);
        }
    }

    private sealed class ListHolder(IList list) : Holder
    {
        public override IReadOnlyList<object?> Values { get; set; } = [.. list.Cast<object?>()];

        public override IReadOnlyList<object?> Read() => [.. list.Cast<object?>()];

        public override void Write(IReadOnlyList<object?> values)
        {
            if (list.IsFixedSize || list.Count == values.Count)
            {
                for (int i = 0; i < values.Count; i++)
                    list[i] = values[i];
                return;
            }
            list.Clear();
            foreach (object? value in values)
                list.Add(value);
        }
    }

    private sealed class DictionaryHolder(IDictionary dictionary) : Holder
    {
        private readonly object[] _keys = [.. dictionary.Keys.Cast<object>()];

        public override IReadOnlyList<object?> Values { get; set; } = [.. dictionary.Values.Cast<object?>()];

        public override IReadOnlyList<object?> Read() =>
            dictionary.Count == _keys.Length && Array.TrueForAll(_keys, dictionary.Contains)
                ? [.. _keys.Select(key => dictionary[key])]
                : [.. dictionary.Values.Cast<object?>(), null]; // never as many as there were, or other ones

        public override void Write(IReadOnlyList<object?> values)
        {
            dictionary.Clear();
            for (int i = 0; i < _keys.Length; i++)
                dictionary[_keys[i]] = values[i];
        }
    }
}
