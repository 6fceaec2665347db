using System.Text.Json;

namespace Speedup.Pruning.Descriptions;

/// <summary>Trains the model.</summary>
public sealed record FineTuneDescription : StageDescription
{
    /// <summary>A static method of the user's assembly that takes a <see cref="Stages.FineTuneContext"/>.</summary>
    public required string Method { get; init; }

    /// <summary>Given to the method as text, in <see cref="Stages.FineTuneContext.Settings"/>.</summary>
    public JsonElement? Settings { get; init; }
}
