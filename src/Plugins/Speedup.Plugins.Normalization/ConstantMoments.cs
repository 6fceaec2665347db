namespace Speedup.Plugins.Normalization;

/// <summary>Mean and variance of channels that are constant, whatever their number of positions.</summary>
internal sealed class ConstantMoments
{
    /// <summary>The real mean is rounded; beyond this many deviations the rounding shows in the output.</summary>
    private const double LargestRatio = 300;
    private readonly double _mean;
    private readonly double _deviation;
    private readonly double _largest;

    public ConstantMoments(double[] constants, double eps)
    {
        _mean = constants.Average();
        _deviation = Math.Sqrt(constants.Average(value => (value - _mean) * (value - _mean)) + eps);
        _largest = constants.Max(Math.Abs);
    }

    /// <summary>A constant in deviations from the mean; null where rounding decides.</summary>
    public double? Normalize(double constant) =>
        _deviation > 0 && _largest <= LargestRatio * _deviation ? (constant - _mean) / _deviation : null;
}
