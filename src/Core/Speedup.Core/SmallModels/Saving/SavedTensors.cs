using Speedup.Core.Models;
using Speedup.Core.SmallModels.Descriptions;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Saving;

/// <summary>The tensors of a small model by the names that they have in the file; elements that several names stand for are written once.</summary>
internal sealed class SavedTensors
{
    private const string HeldPrefix = "@";
    private readonly TensorNames _names = new();
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _firstNames = new(StringComparer.Ordinal);

    /// <summary>Collects the parameters and buffers of a model.</summary>
    public SavedTensors(ModelInventory small)
    {
        foreach ((string path, nn.Module module) in small.Modules)
        foreach ((string name, Tensor tensor) in ModelInventory.TensorsOf(module))
            Add(TensorPath.Join(path, name), tensor);
    }

    /// <summary>All tensors; they stay the model's.</summary>
    public IReadOnlyDictionary<string, Tensor> All => _tensors;

    /// <summary>The name in the file of a parameter or buffer of the small model.</summary>
    public string NameOf(string tensorPath) => _firstNames[tensorPath];

    /// <summary>Adds a tensor that is neither parameter nor buffer, and gives its name in the file.</summary>
    public string AddHeld(string place, Tensor tensor)
    {
        Add(HeldPrefix + place, tensor);
        return NameOf(HeldPrefix + place);
    }

    private void Add(string name, Tensor tensor)
    {
        string? first = _names.Add(tensor, name);
        _firstNames[name] = first ?? name;
        if (first is null)
            _tensors[name] = tensor;
    }
}
