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

    /// <summary>The scores of a target.</summary>
    /// <exception cref="PruningException">It has none, or scores of another number, or one is NaN.</exception>
    internal IReadOnlyList<double> Demand(PruningTarget target)
    {
        IReadOnlyList<double>? values = Find(target.ModulePath)?.Values;
        if (values is null || values.Count != target.Channels)
            throw new PruningException(
                PruningCodes.NoScores,
                $"'{target.ModulePath}' has {target.Channels} channels, but {values?.Count ?? 0} scores. The pruner must score each channel of each target."
            );
        if (values.Any(double.IsNaN))
            throw new PruningException(
                PruningCodes.NoScores,
                $"A score of '{target.ModulePath}' is not a number. Look for infinite or undefined numbers in its weights, or in the batches."
            );
        return values;
    }
}
