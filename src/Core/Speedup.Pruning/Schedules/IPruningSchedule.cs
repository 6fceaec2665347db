namespace Speedup.Pruning.Schedules;

/// <summary>How sparsity rises over the steps of pruning that have training between them.</summary>
public interface IPruningSchedule
{
    /// <summary>Name and settings; another text stands for another schedule.</summary>
    string Description { get; }

    /// <summary>The sparsity after a step.</summary>
    /// <param name="step">From 1; 0 stands for the state before the first.</param>
    /// <param name="steps">Number of steps; at least 1.</param>
    /// <param name="finalSparsity">The sparsity after the last: 0 or more, less than 1.</param>
    /// <returns>From 0 to <paramref name="finalSparsity"/>; never less than at the step before, and <paramref name="finalSparsity"/> at the last.</returns>
    double SparsityAt(int step, int steps, double finalSparsity);
}
