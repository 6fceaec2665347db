namespace Speedup.Pruning.Latency;

/// <summary>A point of a curve.</summary>
/// <param name="Left">The part that is left, from 0 to 1.</param>
/// <param name="Seconds">What it takes.</param>
internal readonly record struct LatencyPoint(double Left, double Seconds);
