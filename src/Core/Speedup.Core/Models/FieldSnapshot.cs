using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    /// <summary>Longer arrays of numbers are data and not state.</summary>
    private const int MostNumbers = 1 << 22;
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Assembly> _assemblies;
    private readonly List<Holder> _holders = [];

    /// <summary>Walks the objects.</summary>
    public FieldSnapshot(ModelInventory inventory)
    {
        nn.Module[] modules = [.. inventory.Modules.Select(entry => entry.Module)];
        _assemblies = [.. modules.Where(module => !CodeOrigin.IsTorch(module.GetType())).Select(module => module.GetType().Assembly)];
        foreach (nn.Module module in modules)
            Visit(module);
    }

    /// <summary>The tensors that fields and collections hold, with names for people.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Tensors =>
        from holder in _holders
        from leaf in holder.Values.SelectMany(Structure.Leaves)
        where leaf is Tensor { IsInvalid: false }
        select (holder.Name, (Tensor)leaf);

    /// <summary>The random generators that they hold.</summary>
    public IEnumerable<Generator> Generators => _seen.OfType<Generator>();

    /// <summary>Puts back what has changed. Tensors that were disposed must be alive again.</summary>
    public void Restore(StateChanges changes)
    {
        foreach (Holder holder in _holders)
        {
            IReadOnlyList<object?> now = holder.Read();
            if (now.Count == holder.Values.Count && now.Zip(holder.Values).All(pair => Structure.AreSame(pair.First, pair.Second)))
                continue;
            changes.Add(holder.Name);
            HashSet<object?> left = new(now.SelectMany(Structure.Leaves), ReferenceEqualityComparer.Instance);
            foreach (Tensor tensor in holder.Values.SelectMany(Structure.Leaves).OfType<Tensor>().Where(tensor => !left.Contains(tensor)))
                changes.Add(tensor);
            holder.Write(holder.Values);
        }
    }

    private void Visit(object? value)
    {
        if (value is null or string or Pointer or Tensor || value.GetType().IsPrimitive || value.GetType().IsEnum)
            return;
        if (value is ValueType)
        {
            foreach (object? leaf in Structure.Leaves(value))
                Visit(leaf);
            return;
        }
        if (!_seen.Add(value))
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
            case Array numbers when numbers.GetType().GetElementType()!.IsPrimitive:
                if (numbers.Length <= MostNumbers)
                    _holders.Add(new NumbersHolder(numbers));
                break;
            case Array { Rank: > 1 }:
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
            if (!IsWalked(type))
                continue;
            foreach (FieldInfo field in type.GetFields(OwnFields).Where(field => !field.FieldType.IsPointer))
                VisitField(owner, field);
            if (owner is nn.Module && !type.ContainsGenericParameters && _seen.Add(type))
            {
                foreach (FieldInfo field in type.GetFields(SharedFields).Where(IsSharedState))
                    VisitField(null, field);
            }
        }
    }

    private void VisitField(object? owner, FieldInfo field)
    {
        if (field.IsInitOnly)
            Visit(field.GetValue(owner));
        else
            Add(new FieldHolder(owner, field));
    }

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

    private void Add(Holder holder)
    {
        _holders.Add(holder);
        foreach (object? value in holder.Values)
            Visit(value);
    }

    /// <summary>Something that holds values.</summary>
    private abstract class Holder
    {
        /// <summary>Where it is, for people.</summary>
        public abstract string Name { get; }

        /// <summary>What it held, and is to hold again.</summary>
        public abstract IReadOnlyList<object?> Values { get; }

        /// <summary>What it holds now.</summary>
        public abstract IReadOnlyList<object?> Read();

        /// <summary>Lets it hold other values, as many as it held.</summary>
        public abstract void Write(IReadOnlyList<object?> values);
    }

    private sealed class FieldHolder(object? owner, FieldInfo field) : Holder
    {
        public override string Name { get; } = $"{field.DeclaringType!.Name}.{NameOf(field)}";

        public override IReadOnlyList<object?> Values { get; } = [field.GetValue(owner)];

        public override IReadOnlyList<object?> Read() => [field.GetValue(owner)];

        public override void Write(IReadOnlyList<object?> values) => field.SetValue(owner, values[0]);
    }

    private sealed class ListHolder(IList list) : Holder
    {
        public override string Name => $"an item of a {list.GetType().Name}";

        public override IReadOnlyList<object?> Values { get; } = [.. list.Cast<object?>()];

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

        public override string Name => $"an entry of a {dictionary.GetType().Name}";

        public override IReadOnlyList<object?> Values { get; } = [.. dictionary.Values.Cast<object?>()];

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

    /// <summary>An array of numbers of any rank, as a copy.</summary>
    private sealed class NumbersHolder(Array numbers) : Holder
    {
        private readonly Array _copy = (Array)numbers.Clone();

        public override string Name => $"an item of a {numbers.GetType().Name}";

        public override IReadOnlyList<object?> Values => [];

        public override IReadOnlyList<object?> Read() => Bytes(numbers).SequenceEqual(Bytes(_copy)) ? [] : [null];

        public override void Write(IReadOnlyList<object?> values) => Array.Copy(_copy, numbers, _copy.Length);

        private static ReadOnlySpan<byte> Bytes(Array array) =>
            MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array));
    }

    private static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.IndexOf('>', StringComparison.Ordinal) is var end and > 1
            ? field.Name[1..end]
            : field.Name;
}
