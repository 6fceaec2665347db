using Speedup.Abstractions;
using Speedup.Core.Models;
using static TorchSharp.torch;

namespace Speedup.Core.Propagation;

/// <summary>The parameters and buffers of a module with their masks.</summary>
internal sealed class MaskedModule
{
    private readonly Dictionary<string, (Tensor Tensor, ParameterFacts Facts)> _parameters = new(StringComparer.Ordinal);

    /// <summary>Looks the masks of a module up.</summary>
    public MaskedModule(nn.Module module, string path, SharedMemory memory)
    {
        Module = module;
        Path = path;
        foreach ((string name, Tensor tensor) in ModelInventory.TensorsOf(module))
            _parameters[name] = (memory.Of(tensor), new ParameterFacts(name, tensor, memory.MaskOf(tensor)));
    }

    /// <summary>Looks at a tensor that is no parameter or buffer of any module, and so has no mask.</summary>
    /// <param name="root">The model.</param>
    /// <param name="place">Where the model holds the tensor; it is its name, too.</param>
    /// <param name="tensor">The tensor.</param>
    public MaskedModule(nn.Module root, string place, Tensor tensor)
    {
        Module = root;
        Path = place;
        _parameters[place] = (tensor, new ParameterFacts(place, tensor, null));
    }

    /// <summary>The module.</summary>
    public nn.Module Module { get; }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Whether any parameter is masked.</summary>
    public bool IsMasked => _parameters.Values.Any(entry => entry.Facts.IsMasked);

    /// <summary>Names of its parameters and buffers.</summary>
    public IEnumerable<string> Names => _parameters.Keys;

    /// <summary>Facts of a parameter, or null.</summary>
    public ParameterFacts? FindFacts(string name) => _parameters.TryGetValue(name, out var entry) ? entry.Facts : null;

    /// <summary>A parameter or buffer; modules that share its memory get the same object.</summary>
    public Tensor TensorOf(string name) => _parameters[name].Tensor;
}
