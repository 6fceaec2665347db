using System.Text.Json;

namespace Speedup.Pruning.Descriptions;

/// <summary>Measures how good the model is.</summary>
public sealed record EvaluateDescription : StageDescription
{
    /// <summary>
    /// A static method of the user's assembly that takes an <see cref="Evaluation.EvaluationContext"/> and returns <see cref="Evaluation.ModelMetrics"/>.
    /// </summary>
    public required string Method { get; init; }

    /// <summary>Given to the method as text, in <see cref="Evaluation.EvaluationContext.Settings"/>.</summary>
    public JsonElement? Settings { get; init; }
}
