using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Budgets;

namespace Speedup.Pruning.Latency;

/// <summary>A time that was measured at some sizes, and lies on straight lines between them. It never falls where more is left.</summary>
internal sealed class CurveTerm : BudgetTerm
{
    private readonly LatencyPoint[] _points;

    /// <summary>Takes the points of a curve.</summary>
    /// <param name="axes">The axes; the part that is left is the product over them.</param>
    /// <param name="points">At least one.</param>
    public CurveTerm(IReadOnlyList<CostAxis> axes, IReadOnlyList<LatencyPoint> points)
        : base(axes)
    {
        _points = [.. points.OrderBy(point => point.Left)];
        for (int i = 1; i < _points.Length; i++) // less of a layer is never slower: where a measurement says so, it is noise
            _points[i] = _points[i] with { Seconds = Math.Max(_points[i].Seconds, _points[i - 1].Seconds) };
    }

    /// <inheritdoc/>
    public override double At(ReadOnlySpan<int> kept)
    {
        double left = 1;
        for (int axis = 0; axis < kept.Length; axis++)
            left *= (double)kept[axis] / Math.Max(1, Axes[axis].Groups.Count);
        return Between(left);
    }

    private double Between(double left)
    {
        int above = Array.FindIndex(_points, point => point.Left >= left);
        if (above < 0)
            return _points[^1].Seconds;
        LatencyPoint upper = _points[above];
        LatencyPoint lower = above == 0 ? new LatencyPoint(0, 0.5 * upper.Seconds) : _points[above - 1]; // half of it is not its size's
        double span = upper.Left - lower.Left;
        return span <= 0 ? upper.Seconds : lower.Seconds + ((left - lower.Left) / span * (upper.Seconds - lower.Seconds));
    }
}
