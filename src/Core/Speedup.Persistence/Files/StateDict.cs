using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Speedup.Persistence;

/// <summary>
/// Tensors by name, in order: what a weights file holds. It owns its tensors; disposing it disposes them, and they outlive dispose scopes.
/// Names are unique and dotted, such as <c>layer1.0.conv1.weight</c>.
/// </summary>
public sealed class StateDict : IEnumerable<KeyValuePair<string, Tensor>>, IDisposable
{
    private readonly OrderedDictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Number of tensors.</summary>
    public int Count => _tensors.Count;

    /// <summary>All names, in order.</summary>
    public IReadOnlyList<string> Names => _tensors.Keys;

    /// <summary>Free text by key. Only .safetensors files keep it.</summary>
    public IDictionary<string, string> Metadata { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The tensor of that name; the state dict keeps owning it.</summary>
    /// <param name="name">A name of this state dict.</param>
    /// <exception cref="KeyNotFoundException">There is no such name.</exception>
    public Tensor this[string name] => _tensors[name];

    /// <summary>Looks a tensor up; the state dict keeps owning it.</summary>
    /// <param name="name">Any name.</param>
    /// <param name="tensor">The tensor, if there is one.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGetValue(string name, [NotNullWhen(true)] out Tensor? tensor) => _tensors.TryGetValue(name, out tensor);

    /// <summary>Appends a tensor and takes it over, out of any dispose scope.</summary>
    /// <param name="name">A name not used yet.</param>
    /// <param name="tensor">The tensor; not used by the caller from then on, except through this state dict.</param>
    /// <exception cref="ArgumentException">The name is empty or already used; the tensor still belongs to the caller.</exception>
    public void Add(string name, Tensor tensor)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(tensor);
        _tensors.Add(name, tensor);
        tensor.DetachFromDisposeScope();
    }

    /// <summary>Takes a tensor out; it belongs to the caller, and to no dispose scope.</summary>
    internal Tensor Release(string name)
    {
        Tensor tensor = _tensors[name];
        _tensors.Remove(name);
        return tensor;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => _tensors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _tensors.Values)
            tensor.Dispose();
    }
}
