namespace Speedup.Pruning.Pipeline;

/// <summary>How far a pipeline is.</summary>
/// <param name="Stage">The stage, from 1.</param>
/// <param name="Stages">Number of stages.</param>
/// <param name="Name">Name of the stage.</param>
/// <param name="Status">Whether it runs, has run, or was taken from the folder.</param>
/// <param name="Detail">What the stage tells of itself; may be empty.</param>
public readonly record struct PipelineProgress(int Stage, int Stages, string Name, StageStatus Status, string Detail = "");
