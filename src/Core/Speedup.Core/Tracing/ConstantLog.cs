using Speedup.Core.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>
/// The model's own tensors that a pass read, and which of them it changed: wrote to, by whatever view of their memory, or replaced in the
/// place that holds them. What a pass changes is another value in the next call, and no constant.
/// </summary>
internal sealed class ConstantLog(ModelInventory inventory)
{
    private readonly List<(int Value, Tensor Tensor)> _read = [];
    private readonly HashSet<nint> _written = [];

    /// <summary>The values that they are.</summary>
    public IEnumerable<int> Values => _read.Select(entry => entry.Value);

    /// <summary>The modules that they are parameters or buffers of.</summary>
    public IEnumerable<nn.Module> Owners =>
        _read
            .Select(entry => inventory.FindTensorPath(entry.Tensor))
            .Where(path => path is not null && inventory.FindHeld(path) is null)
            .Select(path => inventory.Locate(path!).Owner)
            .OfType<nn.Module>();

    /// <summary>Notes that a tensor is read.</summary>
    public void Add(int value, Tensor tensor) => _read.Add((value, tensor));

    /// <summary>Notes that a tensor is written to.</summary>
    public void NoteWrite(Tensor tensor) => _written.Add(TensorMemory.StorageOf(tensor));

    /// <summary>The values whose tensors the pass has changed so far.</summary>
    public IReadOnlySet<int> FindWritten()
    {
        var changed = new HashSet<int>();
        Dictionary<string, Tensor>? after = null;
        foreach ((int value, Tensor tensor) in _read)
        {
            if (tensor.IsInvalid || _written.Contains(TensorMemory.StorageOf(tensor)) || _written.Contains(TensorMemory.Unknown))
                changed.Add(value);
            else if (tensor is not Parameter && IsReplaced(tensor, after ??= ReadPlaces()))
                changed.Add(value);
        }
        return changed;
    }

    private bool IsReplaced(Tensor tensor, Dictionary<string, Tensor> after) =>
        inventory.PlacesOf(tensor).Any(place => !after.TryGetValue(place.Name, out Tensor? now) || !TensorMemory.IsSame(tensor, now));

    private Dictionary<string, Tensor> ReadPlaces()
    {
        var walk = new ObjectWalk();
        walk.Run(inventory.Root);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((Tensor tensor, List<Place> places) in walk.Tensors)
        foreach (Place place in places)
            tensors.TryAdd(place.Name, tensor);
        return tensors;
    }
}
