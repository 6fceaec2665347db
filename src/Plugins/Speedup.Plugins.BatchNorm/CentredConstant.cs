namespace Speedup.Plugins.BatchNorm;

/// <summary>What a normalisation makes of a constant channel before weight and bias.</summary>
internal static class CentredConstant
{
    /// <summary>
    /// The input's own mean is rounded. Beyond this many deviations of a constant channel, which are <c>sqrt(eps)</c>, the rounding
    /// shows in the output.
    /// </summary>
    private const double LargestRatio = 300;

    /// <summary>A constant in deviations from the mean; null where rounding decides.</summary>
    /// <param name="value">The constant.</param>
    /// <param name="mean">The running mean; null where the input's own is taken.</param>
    /// <param name="variance">The running variance; null where the input's own is taken.</param>
    /// <param name="eps">What is added to the variance.</param>
    public static double? Of(double value, double? mean, double? variance, double eps)
    {
        if (mean is not null && variance is not null)
            return (value - mean) / Math.Sqrt(variance.Value + eps);
        return eps > 0 && Math.Abs(value) <= LargestRatio * Math.Sqrt(eps) ? 0 : null;
    }
}
