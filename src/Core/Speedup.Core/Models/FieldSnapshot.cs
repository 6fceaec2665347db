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
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Assembly> _assemblies;
    private readonly Dictionary<Tensor, Tensor> _aliases = new(ReferenceEqualityComparer.Instance);
    private readonly List<Holder> _holders = [];

    /// <summary>Walks the objects.</summary>
    public FieldSnapshot(ModelInventory inventory)
    {
        nn.Module[] modules = [.. inventory.Modules.Select(entry => entry.Module)];
        _assemblies = [.. modules.Where(module => !CodeOrigin.IsTorch(module.GetType())).Select(module => module.GetType().Assembly)];
        foreach (nn.Module module in modules)
            Visit(module);
    }

    /// <summary>Puts aliases of all cached tensors in their places, so that a pass may dispose them.</summary>
    public void PutAliases()
    {
        foreach (Holder holder in _holders)
        {
            if (holder.Values.Any(IsCached))
                holder.Write([.. holder.Values.Select(value => IsCached(value) ? ((Tensor)value!).alias() : value)]);
        }
    }

    /// <summary>Puts back what has changed. A tensor that was disposed comes back as an alias.</summary>
    public void Restore()
    {
        foreach (Holder holder in _holders)
        {
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

    /// <summary>Whether a value is a tensor that code may dispose and store anew, as <c>k = k.to(device, disposeAfter: true)</c> does.</summary>
    private static bool IsCached(object? value) => value is Tensor { IsInvalid: false } and not TorchSharp.Modules.Parameter;

    /// <summary>A value, or an alias of a tensor that was disposed, which is the model's from then on.</summary>
    private object? Usable(object? value)
    {
        if (value is not Tensor { IsInvalid: true } tensor || !_aliases.Remove(tensor, out Tensor? alias))
            return value;
        AddAlias(alias);
        return alias;
    }

    private void AddAlias(Tensor tensor) => _aliases[tensor] = tensor.alias().DetachFromDisposeScope();

    private static bool IsSame(IReadOnlyList<object?> now, IReadOnlyList<object?> then) =>
        now.Count == then.Count && now.Zip(then).All(pair => IsSame(pair.First, pair.Second));

    /// <summary>Structures count as changed: what equality means to them is theirs.</summary>
    private static bool IsSame(object? now, object? then) =>
        ReferenceEquals(now, then) || (then is not null && (then.GetType().IsPrimitive || then.GetType().IsEnum) && then.Equals(now));

    private void Visit(object? value)
    {
        if (value is null or string or Pointer or Tensor || value.GetType().IsPrimitive || value.GetType().IsEnum || !_seen.Add(value))
            return;
        switch (value)
        {
            case Delegate function:
                foreach (Delegate single in function.GetInvocationList())
                    Visit(single.Target);
                break;
            case IDictionary { IsReadOnly: false } dictionary:
                Add(new DictionaryHolder(dictionary));
                break;
            case Array { Rank: > 1 }:
                break;
            case Array numbers when numbers.GetType().GetElementType()!.IsPrimitive && numbers.Length > MostNumbers:
                break;
            case IList { IsReadOnly: false } or Array:
                Add(new ListHolder((IList)value));
                break;
            default:
                VisitFields(value);
                break;
        }
    }

    private void VisitFields(object owner)
    {
        for (Type? type = owner.GetType(); type is not null; type = type.BaseType)
        {
            if (!_assemblies.Contains(type.Assembly))
                continue;
            foreach (FieldInfo field in type.GetFields(OwnFields).Where(field => !field.FieldType.IsPointer))
            {
                if (field.IsInitOnly)
                    Visit(field.GetValue(owner));
                else
                    Add(new FieldHolder(owner, field));
            }
        }
    }

    private void Add(Holder holder)
    {
        _holders.Add(holder);
        foreach (object? value in holder.Values)
        {
            if (IsCached(value) && !_aliases.ContainsKey((Tensor)value!))
                AddAlias((Tensor)value!);
            Visit(value);
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

    private sealed class FieldHolder(object owner, FieldInfo field) : Holder
    {
        public override IReadOnlyList<object?> Values { get; set; } = [field.GetValue(owner)];

        public override IReadOnlyList<object?> Read() => [field.GetValue(owner)];

        public override void Write(IReadOnlyList<object?> values) => field.SetValue(owner, values[0]);
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
