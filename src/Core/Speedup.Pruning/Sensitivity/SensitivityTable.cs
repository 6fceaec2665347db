using System.Text.Json;
using System.Text.Json.Serialization;
using Speedup.Pruning.Evaluation;

namespace Speedup.Pruning.Sensitivity;

/// <summary>What a model loses with each layer and sparsity. Plain values; serializes to JSON.</summary>
/// <param name="Whole">The metrics of the model as it is.</param>
/// <param name="Rows">One for each layer or width and each sparsity, in the order of the model's modules and of the request's sparsities.</param>
public sealed record SensitivityTable(ModelMetrics Whole, IReadOnlyList<SensitivityRow> Rows)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>A table of columns for a console: layers, and for each sparsity the metrics.</summary>
    public override string ToString() => new SensitivityText(this).WriteColumns();

    /// <summary>The same as a table of Markdown.</summary>
    public string ToMarkdown() => new SensitivityText(this).WriteMarkdown();

    /// <summary>Everything as JSON; what is not finite is a string.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);
}
