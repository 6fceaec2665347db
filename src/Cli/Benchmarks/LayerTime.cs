namespace Speedup.Cli.Benchmarks;

/// <summary>Times of a layer, all its calls in a pass together.</summary>
/// <param name="Path">Where it is in the model.</param>
/// <param name="Type">Its class.</param>
/// <param name="DenseMilliseconds">Median over passes of the dense model.</param>
/// <param name="SmallMilliseconds">The same of the small model; null where another class takes its place.</param>
internal sealed record LayerTime(string Path, string Type, double DenseMilliseconds, double? SmallMilliseconds);
