namespace Speedup.Pruning.Latency;

/// <summary>A small model that was timed.</summary>
/// <param name="Predicted">The part of the dense model's time that the tables expected.</param>
/// <param name="DenseSeconds">Median time of a pass of the dense model, just before and after.</param>
/// <param name="SmallSeconds">Median time of a pass of the small model.</param>
public sealed record LatencyTrial(double Predicted, double DenseSeconds, double SmallSeconds)
{
    /// <summary>The part of the dense model's time that the small one takes.</summary>
    public double Fraction => SmallSeconds / DenseSeconds;
}
