using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// Tensors that a model holds in fields and collections, and that are neither parameter nor buffer, with their places. One that shares its
/// memory with a parameter or buffer is not among them: what it holds is the other's to change.
/// </summary>
internal sealed class FieldTensors
{
    private readonly Dictionary<Tensor, string> _places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, Tensor> _byPlace = new(StringComparer.Ordinal);

    /// <summary>Finds them.</summary>
    /// <param name="registered">Parameters and buffers.</param>
    /// <param name="places">All tensors with the places that refer to them.</param>
    public FieldTensors(IReadOnlyCollection<Tensor> registered, IReadOnlyDictionary<Tensor, List<Place>> places)
    {
        HashSet<Tensor> known = new(registered, ReferenceEqualityComparer.Instance);
        (Tensor Tensor, List<Place> Places)[] others =
        [
            .. places
                .Where(entry => !known.Contains(entry.Key) && CanSlice(entry.Key, entry.Value))
                .Select(entry => (entry.Key, entry.Value)),
        ];
        if (others.Length == 0)
            return;
        HashSet<nint> memory = [TensorMemory.Unknown, .. registered.Where(tensor => !tensor.IsInvalid).Select(TensorMemory.StorageOf)];
        foreach ((Tensor tensor, List<Place> own) in others)
        {
            if (memory.Add(TensorMemory.StorageOf(tensor)) && _byPlace.TryAdd(own[0].Name, tensor))
                _places[tensor] = own[0].Name;
        }
    }

    /// <summary>The place of a tensor; null where it is none of these.</summary>
    public string? FindPlace(Tensor tensor) => _places.GetValueOrDefault(tensor);

    /// <summary>All of them, in the order of the walk.</summary>
    public IEnumerable<(string Place, Tensor Tensor)> All => _byPlace.Select(entry => (entry.Key, entry.Value));

    /// <summary>The tensor at a place, or null.</summary>
    public Tensor? Find(string place) => _byPlace.GetValueOrDefault(place);

    /// <summary>Whether each place can hold another tensor.</summary>
    private static bool CanSlice(Tensor tensor, List<Place> places) =>
        !tensor.IsInvalid
        && places.TrueForAll(place => place.Type.IsAssignableFrom(tensor is Parameter ? typeof(Parameter) : typeof(Tensor)));
}
