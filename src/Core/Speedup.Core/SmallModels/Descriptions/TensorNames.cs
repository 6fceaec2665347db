using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Descriptions;

/// <summary>Names of tensors, of which several may be the same elements of one memory.</summary>
internal sealed class TensorNames
{
    private readonly Dictionary<Tensor, string> _byObject = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<nint, List<(Tensor Tensor, string Name)>> _byStorage = [];

    /// <summary>Adds a name.</summary>
    /// <returns>The first name of the same elements; null where this is the first.</returns>
    public string? Add(Tensor tensor, string name)
    {
        if (_byObject.TryGetValue(tensor, out string? known))
            return known;
        List<(Tensor Tensor, string Name)> others = Neighbours(tensor);
        string? first = others.Find(other => TensorMemory.IsSame(other.Tensor, tensor)).Name;
        _byObject[tensor] = first ?? name;
        if (first is null)
            others.Add((tensor, name));
        return first;
    }

    private List<(Tensor Tensor, string Name)> Neighbours(Tensor tensor)
    {
        nint storage = tensor.NumberOfElements == 0 || tensor.is_meta ? TensorMemory.Unknown : TensorMemory.StorageOf(tensor);
        if (storage == TensorMemory.Unknown)
            return []; // what cannot be told apart is kept apart
        if (!_byStorage.TryGetValue(storage, out List<(Tensor Tensor, string Name)>? others))
            _byStorage[storage] = others = [];
        return others;
    }
}
