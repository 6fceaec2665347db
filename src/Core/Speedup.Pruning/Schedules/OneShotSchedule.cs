namespace Speedup.Pruning.Schedules;

/// <summary>All at the first step.</summary>
public sealed class OneShotSchedule : IPruningSchedule
{
    /// <inheritdoc/>
    public string Description => "one-shot";

    /// <inheritdoc/>
    public double SparsityAt(int step, int steps, double finalSparsity)
    {
        StepRange.Check(step, steps, finalSparsity);
        return step == 0 ? 0 : finalSparsity;
    }
}
