namespace Speedup.Pruning.Schedules;

/// <summary>As much at each step as at any other.</summary>
public sealed class LinearSchedule : IPruningSchedule
{
    /// <inheritdoc/>
    public string Description => "linear";

    /// <inheritdoc/>
    public double SparsityAt(int step, int steps, double finalSparsity)
    {
        StepRange.Check(step, steps, finalSparsity);
        return step == steps ? finalSparsity : finalSparsity * step / steps;
    }
}
