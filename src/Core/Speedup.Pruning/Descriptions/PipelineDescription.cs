using System.Text.Json.Serialization;

namespace Speedup.Pruning.Descriptions;

/// <summary>A pipeline as a file describes it.</summary>
public sealed record PipelineDescription
{
    /// <summary>Where an editor finds the schema; not looked at.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Name of the pipeline; a folder belongs to the pipeline of one name.</summary>
    public required string Name { get; init; }

    /// <summary>What the seeds of all stages are derived from.</summary>
    public long Seed { get; init; }

    /// <summary>The model.</summary>
    public required ModelDescription Model { get; init; }

    /// <summary>Shapes of the example inputs, with types and ranges if need be: <c>1x3x224x224</c>, <c>1x16:int64:0..30000</c>.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The stages, in order.</summary>
    public required IReadOnlyList<StageDescription> Stages { get; init; }
}
