namespace Speedup.Pruning.Schedules;

/// <summary>What steps and sparsities can be.</summary>
internal static class StepRange
{
    /// <summary>Throws where a step is none of so many, or a sparsity is none.</summary>
    public static void Check(int step, int steps, double finalSparsity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, steps);
        CheckSparsity(finalSparsity, nameof(finalSparsity));
    }

    /// <summary>Throws where a number is no sparsity.</summary>
    public static void CheckSparsity(double sparsity, string name)
    {
        if (!(sparsity >= 0 && sparsity < 1))
            throw new ArgumentOutOfRangeException(name, sparsity, "A sparsity is 0 or more, and less than 1.");
    }
}
