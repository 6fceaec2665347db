using Speedup.Abstractions;
using Speedup.Core.Masks;
using Speedup.Core.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Propagation;

/// <summary>The parameters and buffers of a module with their masks.</summary>
internal sealed class MaskedModule
{
    private readonly Dictionary<string, (Tensor Tensor, ParameterFacts Facts)> _parameters = new(StringComparer.Ordinal);

    /// <summary>Looks a module up in a mask set.</summary>
    public MaskedModule(nn.Module module, string path, MaskSet masks)
    {
        Module = module;
        Path = path;
        foreach ((string name, Tensor tensor) in ModelInventory.TensorsOf(module))
            _parameters[name] = (tensor, new ParameterFacts(name, tensor, FindPruningMask(masks, path, name)));
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

    /// <summary>A parameter or buffer.</summary>
    public Tensor TensorOf(string name) => _parameters[name].Tensor;

    /// <summary>A mask of ones prunes nothing and counts as none.</summary>
    private static Tensor? FindPruningMask(MaskSet masks, string path, string name)
    {
        MaskEntry? entry = masks.Find(path, name);
        if (entry is null)
            return null;
        using var scope = NewDisposeScope();
        return entry.Mask.eq(0).any().ToBoolean() ? entry.Mask : null;
    }
}
