using Speedup.Abstractions;

namespace Speedup.Plugins.Pooling;

/// <summary>The rules of a pooling: it works on each channel by itself; positions cannot change.</summary>
/// <param name="SpatialAxes">Number of axes at the back that it pools over; all before them pass through.</param>
/// <param name="OfConstant">What it makes of a constant channel, NaN where that depends on the position.</param>
internal sealed record PooledAxes(int SpatialAxes, Func<double, double> OfConstant)
{
    /// <summary>A maximum leaves a constant alone, unless a dilated window can miss the input altogether.</summary>
    public static PooledAxes Max(int spatialAxes, bool isPadded, bool isDilated) =>
        new(spatialAxes, isPadded && isDilated ? ConstantFunctions.Varying : ConstantFunctions.Same);

    /// <summary>An average or a maximum over what is there leaves a constant alone.</summary>
    public static PooledAxes Adaptive(int spatialAxes) => new(spatialAxes, ConstantFunctions.Same);

    /// <summary>An average that counts the padding pulls a constant towards zero at the border, and only there.</summary>
    public static PooledAxes Average(int spatialAxes, bool countsPadding, bool hasDivisor, ConstantPolicy policy) =>
        new(
            spatialAxes,
            hasDivisor || (countsPadding && policy == ConstantPolicy.Exact) ? ConstantFunctions.ZeroOnly : ConstantFunctions.Same
        );

    /// <summary>The p-norm of a window of n constants is <c>(n * v^p)^(1/p)</c>; windows are never padded.</summary>
    public static PooledAxes PowerAverage(int spatialAxes, double norm, double windowLength) =>
        new(spatialAxes, value => Math.Pow(windowLength * Math.Pow(value, norm), 1 / norm));

    /// <summary>The axes that pass through.</summary>
    public IEnumerable<int> PassedAxes(IOperator op) => Enumerable.Range(0, op.Input(0).Rank - SpatialAxes);

    /// <summary>The rules of a call with one output.</summary>
    public IEnumerable<AxisRule> RulesOf(IOperator op) => PassedAxes(op).Select(axis => AlignedAxes.Of(axis, axis, OfConstant));
}
