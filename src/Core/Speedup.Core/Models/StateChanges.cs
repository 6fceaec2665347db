using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>What passes have written, before it was put back.</summary>
internal sealed class StateChanges
{
    private readonly SortedSet<string> _places = new(StringComparer.Ordinal);
    private readonly HashSet<Tensor> _tensors = new(ReferenceEqualityComparer.Instance);

    /// <summary>Names of fields, items and tensors, for people.</summary>
    public IReadOnlyCollection<string> Places => _places;

    /// <summary>Tensors that the model holds whose elements were written, that were disposed, or whose place took another one.</summary>
    public IReadOnlySet<Tensor> Tensors => _tensors;

    /// <summary>Whether anything was written.</summary>
    public bool Any => _places.Count > 0 || _tensors.Count > 0;

    /// <summary>Notes a place.</summary>
    public void Add(string place) => _places.Add(place);

    /// <summary>Notes a tensor that is no longer what it was, or where it was.</summary>
    public void Add(Tensor tensor) => _tensors.Add(tensor);
}
