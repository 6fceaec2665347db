namespace Speedup.Cli.Benchmarks;

/// <summary>Times of a model.</summary>
/// <param name="DenseMilliseconds">Median of a pass of the dense model.</param>
/// <param name="MaskedMilliseconds">The same, with the masks multiplied in before each pass, as pruners' wrappers do; null without masks.</param>
/// <param name="SmallMilliseconds">Median of a pass of the small model.</param>
/// <param name="Layers">Layers with one input and one output, by time in the dense model.</param>
internal sealed record BenchResult(
    double DenseMilliseconds,
    double? MaskedMilliseconds,
    double SmallMilliseconds,
    IReadOnlyList<LayerTime> Layers
);
