using Speedup.Core.Models;
using TorchSharp.Modules;

namespace Speedup.Core.Training;

/// <summary>What has become of the parameters of a model between two times: which stayed, which others took their places, and which are new.</summary>
/// <param name="before">The parameters before.</param>
/// <param name="now">The parameters now.</param>
internal sealed class ParameterSuccession(ModelParameters before, ModelParameters now)
{
    private const string Inner = "inner"; // of a ScatteredOutput

    private readonly Dictionary<Parameter, (Parameter, ParameterSlice)> _slices = new(ReferenceEqualityComparer.Instance);
    private readonly List<(string Path, Parameter Parameter)> _anew = [];
    private bool _hasLost;

    /// <summary>Parameters that took the places of others, each with its predecessor and what of that is left in it.</summary>
    public IReadOnlyDictionary<Parameter, (Parameter Old, ParameterSlice Slice)> Slices => _slices;

    /// <summary>Parameters that begin without state.</summary>
    public IEnumerable<(string Path, Parameter Parameter)> Anew => _anew.Concat(Added);

    /// <summary>Parameters at places where there was none before, such as a bias for folded constants, that are to be trained.</summary>
    public IReadOnlyList<(string Path, Parameter Parameter)> Added { get; } =
    [
        .. now
            .ByPath.Where(entry => entry.Value.requires_grad && !before.ByPath.ContainsKey(Outer(entry.Key)))
            .Where(entry => before.FindPath(entry.Value) is null)
            .Select(entry => (entry.Key, entry.Value))
            .DistinctBy(entry => entry.Value, ReferenceEqualityComparer.Instance),
    ];

    /// <summary>Whether everything is as it was, of what was asked for.</summary>
    public bool IsEmpty => _slices.Count == 0 && _anew.Count == 0 && Added.Count == 0 && !_hasLost;

    /// <summary>What has become of a parameter; null where the model has lost it.</summary>
    /// <param name="path">Its name before.</param>
    /// <param name="old">The object that stood for it: of one memory there may be several.</param>
    public Parameter? Find(string path, Parameter old)
    {
        if (FindNow(path) is not { } found)
        {
            _hasLost = true;
            return null;
        }
        (string place, Parameter parameter) = found;
        if (TensorMemory.IsSame(old, parameter))
            return old;
        if (SliceOf(path, place, old, parameter) is { } slice)
            _slices.TryAdd(parameter, (old, slice));
        else if (!_anew.Exists(entry => ReferenceEquals(entry.Parameter, parameter)))
            _anew.Add((place, parameter));
        return parameter;
    }

    private (string Path, Parameter Parameter)? FindNow(string path)
    {
        string module = ModelParameters.ModuleOf(path);
        string scattered = TensorPath.Join(TensorPath.Join(module, Inner), path[(path.LastIndexOf('.') + 1)..]);
        return now.ByPath.TryGetValue(path, out Parameter? same) ? (path, same)
            : now.ByPath.TryGetValue(scattered, out Parameter? inner) ? (scattered, inner)
            : null;
    }

    /// <summary>The indices of the old parameter that are left; null where the new one is made of something else.</summary>
    private ParameterSlice? SliceOf(string path, string place, Parameter old, Parameter parameter)
    {
        var slice = new ParameterSlice(old.shape, [.. Enumerable.Range(0, old.shape.Length).Select(axis => KeptSince(path, place, axis))]);
        return old.dtype == parameter.dtype && slice.SmallShape.SequenceEqual(parameter.shape) ? slice : null;
    }

    private long[]? KeptSince(string path, string place, int axis)
    {
        if ((now.KeptOf(path, axis) ?? now.KeptOf(place, axis)) is not { } left)
            return null;
        if (before.KeptOf(path, axis) is not { } earlier)
            return [.. left];
        Dictionary<long, long> positions = earlier.Select((index, position) => (index, (long)position)).ToDictionary();
        return [.. left.Where(positions.ContainsKey).Select(index => positions[index])];
    }

    private static string Outer(string path)
    {
        string module = ModelParameters.ModuleOf(path);
        return module == Inner || module.EndsWith($".{Inner}", StringComparison.Ordinal)
            ? TensorPath.Join(ModelParameters.ModuleOf(module), path[(path.LastIndexOf('.') + 1)..])
            : path;
    }
}
