using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// The tensors that a model holds, registered or in fields, with their elements, gradients and flags. A pass may write them, resize them or
/// dispose them; the very objects are put back.
/// </summary>
internal sealed class HeldTensors : IDisposable
{
    private readonly TensorStore _store;
    private readonly List<Held> _held = [];
    private readonly Dictionary<Tensor, Held> _byTensor = new(ReferenceEqualityComparer.Instance);

    /// <summary>Saves tensors.</summary>
    /// <param name="tensors">The tensors with their names.</param>
    /// <param name="store">Where copies of them go; it must live longer.</param>
    /// <param name="cancellation">Looked at between the copies: of a large model they take as long as a pass.</param>
    public HeldTensors(IEnumerable<(string Name, Tensor Tensor)> tensors, TensorStore store, CancellationToken cancellation)
    {
        _store = store;
        using var noGradients = no_grad();
        foreach ((string name, Tensor tensor) in tensors)
        {
            if (cancellation.IsCancellationRequested)
            {
                Dispose();
                cancellation.ThrowIfCancellationRequested();
            }
            if (!tensor.IsInvalid && !tensor.is_sparse && tensor.device_type != DeviceType.META && !_byTensor.ContainsKey(tensor))
                _held.Add(_byTensor[tensor] = Hold(name, tensor));
        }
    }

    /// <summary>
    /// Whether a tensor that took the place of one that is held is its like: of its shape and type, and with the elements that it had, as <c>k.to(device)</c>
    /// is. A call that stores it leaves the next one what it found, whatever became of the other.
    /// </summary>
    public bool IsLike(Tensor held, Tensor other)
    {
        if (!_byTensor.TryGetValue(held, out Held? own) || own.Copy is not { } copy || other.IsInvalid)
            return false;
        own.WasStoredAnew = TensorStore.HasShape(other, copy) && TensorStore.IsUnchanged(other, copy);
        return own.WasStoredAnew;
    }

    /// <summary>Puts back what has changed.</summary>
    public void Restore(StateChanges changes)
    {
        using var noGradients = no_grad();
        foreach (Held held in _held)
        {
            bool wasLost = held.Tensor.IsInvalid || !TensorStore.HasShape(held.Tensor, held.Copy ?? held.Shape!);
            if (wasLost)
                Revive(held);
            if (held.Tensor.requires_grad != held.RequiresGrad)
                held.Tensor.requires_grad = held.RequiresGrad;
            bool wasWritten = held.Copy is { } copy && !TensorStore.IsUnchanged(held.Tensor, copy);
            if (wasWritten)
                _store.Restore(held.Tensor, held.Copy!);
            RestoreGradient(held);
            wasLost &= !held.WasStoredAnew;
            held.WasStoredAnew = false;
            if (!wasLost && !wasWritten)
                continue;
            changes.Add(held.Tensor);
            changes.Add(held.Name);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Held held in _held)
        {
            held.Alias.Dispose();
            held.Gradient?.Dispose();
            if (held.Copy is { } copy)
                _store.Release(copy);
            if (held.GradientCopy is { } gradientCopy)
                _store.Release(gradientCopy);
        }
        _held.Clear();
        _byTensor.Clear();
    }

    private Held Hold(string name, Tensor tensor)
    {
        Tensor? gradient = tensor.requires_grad ? tensor.grad?.DetachFromDisposeScope() : null;
        bool isExpanded = IsExpanded(tensor);
        return new Held(name, tensor, tensor.requires_grad, TensorHandle.ScopeOf(tensor))
        {
            Alias = AliasOf(tensor),
            Copy = isExpanded ? null : _store.Save(tensor),
            Shape = isExpanded ? new StoredTensor(tensor, tensor.shape, tensor.dtype, 0, 0) : null,
            Gradient = gradient,
            GradientCopy = gradient is null ? null : _store.Save(gradient),
        };
    }

    private static void Revive(Held held)
    {
        TensorHandle.Move(held.Alias, held.Tensor, held.Scope);
        held.Alias = AliasOf(held.Tensor);
    }

    private void RestoreGradient(Held held)
    {
        if (!held.RequiresGrad)
            return;
        using Tensor? now = held.Tensor.grad;
        if (held.Gradient is null || held.GradientCopy is null)
        {
            if (now is not null)
                held.Tensor.grad = null;
            return;
        }
        if (now is null || ModelInventory.AddressOf(now) != ModelInventory.AddressOf(held.Gradient))
            held.Tensor.grad = held.Gradient;
        if (!TensorStore.IsUnchanged(held.Gradient, held.GradientCopy))
            _store.Restore(held.Gradient, held.GradientCopy);
    }

    private static Tensor AliasOf(Tensor tensor) => tensor.alias().DetachFromDisposeScope();

    /// <summary>One entry of memory that stands for several: nothing can be written to it.</summary>
    private static bool IsExpanded(Tensor tensor) => tensor.shape.Zip(tensor.stride()).Any(axis => axis.First > 1 && axis.Second == 0);

    private sealed record Held(string Name, Tensor Tensor, bool RequiresGrad, DisposeScope? Scope)
    {
        /// <summary>The same memory under another object, should the tensor be disposed.</summary>
        public required Tensor Alias { get; set; }

        /// <summary>Whether a pass has stored its like in its place.</summary>
        public bool WasStoredAnew { get; set; }

        /// <summary>Its elements; null where they cannot be written.</summary>
        public required StoredTensor? Copy { get; init; }

        /// <summary>Its shape, where there is no copy.</summary>
        public required StoredTensor? Shape { get; init; }

        /// <summary>Its gradient, if it has one.</summary>
        public required Tensor? Gradient { get; init; }

        /// <summary>The elements of its gradient.</summary>
        public required StoredTensor? GradientCopy { get; init; }
    }
}
