namespace Speedup.Pruning.Descriptions;

/// <summary>Repeats stages, step by step of a schedule.</summary>
public sealed record IterateDescription : StageDescription
{
    /// <summary>Number of steps.</summary>
    public required int Steps { get; init; }

    /// <summary>How sparsity rises.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Agp;

    /// <summary>The stages of one step.</summary>
    public required IReadOnlyList<StageDescription> Stages { get; init; }
}
