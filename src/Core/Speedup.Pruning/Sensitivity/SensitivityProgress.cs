namespace Speedup.Pruning.Sensitivity;

/// <summary>How far a sensitivity analysis is.</summary>
/// <param name="Done">Evaluations that are done.</param>
/// <param name="Total">All evaluations, that of the whole model included.</param>
public readonly record struct SensitivityProgress(int Done, int Total);
