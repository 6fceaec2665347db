namespace Speedup.Pruning.Abstractions;

/// <summary>Scores of the channels of a layer.</summary>
/// <param name="ModulePath">Dotted path of the module from the root.</param>
/// <param name="Values">One for each channel that the layer puts out; higher is more important. NaN is not allowed.</param>
public sealed record LayerScores(string ModulePath, IReadOnlyList<double> Values);
