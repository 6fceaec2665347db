using System.Globalization;

namespace Speedup.Pruning.Schedules;

/// <summary>One step of a schedule.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Number">The step, from 1.</param>
/// <param name="Count">Number of steps.</param>
public sealed record ScheduleStep(IPruningSchedule Schedule, int Number, int Count)
{
    /// <summary>The sparsity after this step.</summary>
    /// <param name="finalSparsity">The sparsity after the last.</param>
    /// <returns>See <see cref="IPruningSchedule.SparsityAt"/>.</returns>
    public double SparsityOf(double finalSparsity) => Schedule.SparsityAt(Number, Count, finalSparsity);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Schedule.Description}, step {Number} of {Count}");
}
