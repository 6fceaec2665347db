namespace Speedup.Pruning.Latency;

/// <summary>What parts of a model take when they are narrower.</summary>
/// <param name="Layers">For each layer, by path, points of its curve: the part of its multiply-accumulates that is left, and seconds.</param>
/// <param name="Rest">The same for all else in a pass, by the part of all groups that is left.</param>
internal sealed record LatencyTable(IReadOnlyDictionary<string, IReadOnlyList<LatencyPoint>> Layers, IReadOnlyList<LatencyPoint> Rest);
