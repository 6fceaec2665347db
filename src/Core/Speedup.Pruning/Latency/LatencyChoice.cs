namespace Speedup.Pruning.Latency;

/// <summary>What goes under a latency that was measured.</summary>
/// <param name="Gone">The ids of the groups.</param>
/// <param name="Trials">All small models that were timed; the last one is this choice.</param>
public sealed record LatencyChoice(IReadOnlySet<int> Gone, IReadOnlyList<LatencyTrial> Trials)
{
    /// <summary>The part of the dense model's time that the small one was measured to take.</summary>
    public double Fraction => Trials[^1].Fraction;
}
