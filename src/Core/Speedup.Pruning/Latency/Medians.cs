namespace Speedup.Pruning.Latency;

/// <summary>Medians.</summary>
public static class Medians
{
    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    /// <param name="values">At least one.</param>
    /// <returns>The median.</returns>
    public static double Of(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
