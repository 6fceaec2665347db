using Speedup.Abstractions;

namespace Speedup.Plugins.Pooling;

/// <summary>The rules of a pooling: it works on each channel by itself; positions cannot change.</summary>
/// <param name="SpatialAxes">Number of axes at the back that it pools over; all before them pass through.</param>
/// <param name="OfConstant">What it makes of a constant channel, NaN where that depends on the position.</param>
internal sealed record PoolingRule(int SpatialAxes, Func<double, double> OfConstant)
{
    public void InferFromInput(IOperator op)
    {
        foreach (AlignedAxes axes in PassedAxes(op))
            axes.InferFromInput(op, OfConstant);
    }

    public void InferFromOutput(IOperator op)
    {
        foreach (AlignedAxes axes in PassedAxes(op))
            axes.InferFromOutput(op);
    }

    public void Relate(IRelations relations)
    {
        foreach (AlignedAxes axes in PassedAxes(relations))
            axes.Relate(relations);
    }

    /// <summary>A maximum leaves a constant alone, unless a dilated window can miss the input altogether.</summary>
    public static PoolingRule Max(int spatialAxes, bool isPadded, bool isDilated) =>
        new(spatialAxes, isPadded && isDilated ? Varying : Same);

    /// <summary>An average or a maximum over what is there leaves a constant alone.</summary>
    public static PoolingRule Adaptive(int spatialAxes) => new(spatialAxes, Same);

    /// <summary>An average that counts the padding pulls a constant towards zero at the border, and only there.</summary>
    public static PoolingRule Average(int spatialAxes, bool countsPadding, bool hasDivisor, ConstantPolicy policy) =>
        new(spatialAxes, hasDivisor || (countsPadding && policy == ConstantPolicy.Exact) ? ZeroOnly : Same);

    /// <summary>The p-norm of a window of n constants is <c>(n * v^p)^(1/p)</c>; windows are never padded.</summary>
    public static PoolingRule PowerAverage(int spatialAxes, double norm, double windowLength) =>
        new(spatialAxes, value => Math.Pow(windowLength * Math.Pow(value, norm), 1 / norm));

    /// <summary>The axes that pass through.</summary>
    public IEnumerable<int> PassedAxesOf(IOperator op) => Enumerable.Range(0, op.Input(0).Rank - SpatialAxes);

    private IEnumerable<AlignedAxes> PassedAxes(IOperator op) => PassedAxesOf(op).Select(axis => AlignedAxes.Of(axis, axis));

    private static double Same(double value) => value;

    private static double Varying(double value) => double.NaN;

    private static double ZeroOnly(double value) => value == 0 ? 0 : double.NaN;
}
