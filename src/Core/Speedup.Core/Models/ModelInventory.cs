using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>
/// All modules and tensors that a model holds, with their paths and the places that refer to them: registered children, fields
/// (private and readonly ones too), arrays, lists, dictionaries, objects of user classes and what lambdas captured.
/// </summary>
internal sealed class ModelInventory
{
    private readonly Dictionary<nn.Module, List<Place>> _modulePlaces;
    private readonly Dictionary<nn.Module, string> _paths = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, nn.Module> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<Tensor, string> _tensorPaths = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, List<Place>> _tensorPlaces;
    private readonly FieldTensors _held;

    /// <summary>Walks a model.</summary>
    public ModelInventory(nn.Module root)
    {
        Root = root;
        NameModule(root, "");
        foreach ((string name, nn.Module module) in root.named_modules())
        {
            if (!ReferenceEquals(module, root))
                NameModule(module, name);
        }
        var walk = new ObjectWalk();
        walk.Run(root);
        _modulePlaces = walk.Modules;
        _tensorPlaces = walk.Tensors;
        foreach ((nn.Module module, List<Place> places) in _modulePlaces)
            NameModule(module, places[0].Name);
        _held = new FieldTensors(_tensorPaths.Keys, _tensorPlaces);
    }

    /// <summary>The model.</summary>
    public nn.Module Root { get; }

    /// <summary>Every module with its path, the root first, in order of registration; unregistered ones last.</summary>
    public IEnumerable<(string Path, nn.Module Module)> Modules => _paths.Select(entry => (entry.Value, entry.Key));

    /// <summary>The path of a module, or its type name where the model does not hold it.</summary>
    public string PathOf(nn.Module module) => _paths.TryGetValue(module, out string? path) ? path : $"<{module.GetType().Name}>";

    /// <summary>The module at a path, or null.</summary>
    public nn.Module? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>
    /// The state-dict name of a parameter or buffer, or the place of another tensor that can be sliced; null for others. Some modules of
    /// TorchSharp (<c>Embedding</c>) make a new object for their parameter each time they are asked, and <c>k = k.to(device)</c> leaves
    /// another object of the same memory in a field: a registered tensor is known by its memory, too.
    /// </summary>
    public string? FindTensorPath(Tensor tensor)
    {
        if (_tensorPaths.TryGetValue(tensor, out string? path))
            return path;
        return
            (tensor is Parameter || Holds(tensor))
            && _tensorPaths.FirstOrDefault(entry => IsSameMemory(entry.Key, tensor)).Value is { } known
            ? known
            : _held.FindPlace(tensor);
    }

    /// <summary>A tensor that is neither parameter nor buffer, by its place; null where there is none that can be sliced.</summary>
    public Tensor? FindHeld(string place) => _held.Find(place);

    /// <summary>Tensors in fields that are neither parameter nor buffer and can be sliced, each with its place.</summary>
    public IEnumerable<(string Place, Tensor Tensor)> Held => _held.All;

    /// <summary>A tensor and the other objects of its memory that the model holds.</summary>
    public IEnumerable<Tensor> AliasesOf(Tensor tensor) =>
        _tensorPlaces.Keys.Where(other => !ReferenceEquals(other, tensor) && IsSameMemory(other, tensor)).Prepend(tensor);

    /// <summary>Whether the model holds the tensor in any way, so that it does not depend on the input.</summary>
    public bool Holds(Tensor tensor) => _tensorPlaces.ContainsKey(tensor);

    /// <summary>The places that refer to a module.</summary>
    public IReadOnlyList<Place> PlacesOf(nn.Module module) => _modulePlaces.TryGetValue(module, out List<Place>? places) ? places : [];

    /// <summary>The first place that holds a module and could not hold one of another type; null where there is none.</summary>
    public string? FindNarrowPlace(nn.Module module, Type other)
    {
        if (ReferenceEquals(module, Root))
            return "the model itself";
        Place? narrow = PlacesOf(module).FirstOrDefault(place => !place.Type.IsAssignableFrom(other));
        return narrow is null ? null : $"'{narrow.Name}', declared as {narrow.Type.Name}";
    }

    /// <summary>The places that refer to a tensor.</summary>
    public IReadOnlyList<Place> PlacesOf(Tensor tensor) => _tensorPlaces.TryGetValue(tensor, out List<Place>? places) ? places : [];

    /// <summary>The module that a state-dict name leads to, and the name of the tensor within it.</summary>
    public (nn.Module? Owner, string Name) Locate(string tensorPath)
    {
        int dot = tensorPath.LastIndexOf('.');
        return dot < 0 ? (Root, tensorPath) : (Find(tensorPath[..dot]), tensorPath[(dot + 1)..]);
    }

    /// <summary>Own parameters and buffers of a module, by name.</summary>
    public static IEnumerable<(string Name, Tensor Tensor)> TensorsOf(nn.Module module)
    {
        foreach ((string name, var parameter) in module.named_parameters(recurse: false))
            yield return (name, parameter);
        foreach ((string name, Tensor buffer) in module.named_buffers(recurse: false).Where(own => !own.buffer.IsInvalid))
            yield return (name, buffer); // one that a forward has disposed and replaced is registered still
    }

    private static bool IsSameMemory(Tensor held, Tensor tensor) =>
        !held.IsInvalid
        && !tensor.IsInvalid
        && held.dtype == tensor.dtype
        && held.shape.AsSpan().SequenceEqual(tensor.shape)
        && held.is_contiguous()
        && tensor.is_contiguous()
        && AddressOf(held) is { } address
        && AddressOf(tensor) == address;

    /// <summary>Where the data of a tensor begins; null where that does not tell it from others.</summary>
    public static nint? AddressOf(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.storage_offset() != 0
            ? null
            : tensor.dtype switch
            {
                ScalarType.Float32 => tensor.storage<float>().data_ptr(),
                ScalarType.Float64 => tensor.storage<double>().data_ptr(),
                _ => null,
            };
    }

    private void NameModule(nn.Module module, string path)
    {
        _byPath.TryAdd(path, module); // a module may be registered under several names, and a mask may use any
        if (!_paths.TryAdd(module, path))
            return;
        foreach ((string name, Tensor tensor) in TensorsOf(module))
            _tensorPaths.TryAdd(tensor, path.Length == 0 ? name : $"{path}.{name}");
    }
}
