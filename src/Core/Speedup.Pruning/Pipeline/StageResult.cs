using Speedup.Pruning.Evaluation;

namespace Speedup.Pruning.Pipeline;

/// <summary>A stage of a run that has come to its end.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Folder">Name of its folder within that of the pipeline.</param>
/// <param name="Status"><see cref="StageStatus.Done"/> or <see cref="StageStatus.Reused"/>.</param>
/// <param name="Metrics">What it measured; null where it measured nothing.</param>
public sealed record StageResult(string Name, string Folder, StageStatus Status, ModelMetrics? Metrics);
