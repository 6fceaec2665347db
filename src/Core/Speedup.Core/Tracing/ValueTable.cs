using System.Runtime.CompilerServices;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>
/// Which value each tensor object stands for at this moment. Keyed by the managed object, since native handles are recycled; an
/// in-place operation rebinds the object and its aliases, and makes every other view of the same storage stale.
/// </summary>
internal sealed class ValueTable
{
    private readonly ConditionalWeakTable<Tensor, Binding> _bindings = [];

    /// <summary>The value of a tensor; null where it is unknown or stale.</summary>
    public int? Find(Tensor tensor) =>
        _bindings.TryGetValue(tensor, out Binding? binding) && binding.Mutation is null ? binding.Value : null;

    /// <summary>
    /// For a tensor that shares its storage with one that was changed in place since: its value before, and the value of the
    /// changed tensor.
    /// </summary>
    public (int Before, int Mutation)? FindStale(Tensor tensor) =>
        _bindings.TryGetValue(tensor, out Binding? binding) && binding.Mutation is { } mutation ? (binding.Value, mutation) : null;

    /// <summary>Makes a tensor stand for a value from now on.</summary>
    public void Bind(Tensor tensor, int value) => _bindings.AddOrUpdate(tensor, new Binding { Value = value });

    /// <summary>Notes that the storage of a tensor was changed; the tensor itself must be bound anew.</summary>
    public void MarkAliasesStale(Tensor changed, int mutation)
    {
        nint storage = TensorMemory.StorageOf(changed);
        foreach ((Tensor other, Binding binding) in _bindings)
        {
            if (ReferenceEquals(other, changed) || other.IsInvalid || (binding.Storage ??= TensorMemory.StorageOf(other)) != storage)
                continue;
            if (storage != TensorMemory.Unknown && TensorMemory.IsSameView(other, changed))
                binding.Rebind(mutation);
            else
                binding.Mutation = mutation;
        }
    }

    private sealed class Binding
    {
        public required int Value { get; set; }

        /// <summary>Address of the data, once somebody has asked; nobody else can have it while the tensor is alive.</summary>
        public nint? Storage { get; set; }

        public int? Mutation { get; set; }

        public void Rebind(int value) => (Value, Mutation) = (value, null);
    }
}
