namespace Speedup.Pruning.Abstractions;

/// <summary>Scores of the channels of several layers.</summary>
public sealed class ChannelScores
{
    private readonly Dictionary<string, LayerScores> _byPath = new(StringComparer.Ordinal);

    /// <summary>Puts scores together.</summary>
    /// <param name="layers">One entry a layer.</param>
    /// <exception cref="ArgumentException">Two are of one layer.</exception>
    public ChannelScores(IEnumerable<LayerScores> layers)
    {
        Layers = [.. layers];
        foreach (LayerScores layer in Layers)
            _byPath.Add(layer.ModulePath, layer);
    }

    /// <summary>All layers, in the order of the targets.</summary>
    public IReadOnlyList<LayerScores> Layers { get; }

    /// <summary>The scores of a layer; null where there are none.</summary>
    /// <param name="modulePath">Dotted path of the module from the root.</param>
    public LayerScores? Find(string modulePath) => _byPath.GetValueOrDefault(modulePath);
}
