using System.Globalization;

namespace Speedup.Pruning.Schedules;

/// <summary>
/// Much at first, while there is much to spare, and less and less towards the end: s_f + (s_i - s_f)(1 - t)^3, with t the part of the steps that is done
/// (automated gradual pruning; Zhu and Gupta, "To prune, or not to prune", 2017, equation 1).
/// </summary>
public sealed class AgpSchedule : IPruningSchedule
{
    private readonly double _initialSparsity;

    /// <summary>Creates a schedule.</summary>
    /// <param name="initialSparsity">The sparsity before the first step: 0 or more, less than 1. A layer whose final sparsity is less starts with that.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not a sparsity.</exception>
    public AgpSchedule(double initialSparsity = 0)
    {
        StepRange.CheckSparsity(initialSparsity, nameof(initialSparsity));
        _initialSparsity = initialSparsity;
    }

    /// <inheritdoc/>
    public string Description => string.Create(CultureInfo.InvariantCulture, $"agp from {_initialSparsity}");

    /// <inheritdoc/>
    public double SparsityAt(int step, int steps, double finalSparsity)
    {
        StepRange.Check(step, steps, finalSparsity);
        double left = (double)(steps - step) / steps;
        return finalSparsity + ((Math.Min(_initialSparsity, finalSparsity) - finalSparsity) * left * left * left);
    }
}
