using System.Text.Json;
using System.Text.Json.Serialization;
using Speedup.Pruning.Evaluation;

namespace Speedup.Pruning.Pipeline;

/// <summary>What a folder says of a stage that is done: <c>stage.json</c>, written after everything else.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Fingerprint">Hash of its settings and of the record before; see <see cref="Fingerprint"/>.</param>
/// <param name="Model">The model that the next stage starts from; null for the factory's.</param>
/// <param name="IsSmall">Whether that is a small model, and no state dict.</param>
/// <param name="Masks">The masks that the next stage starts from; null where there are none.</param>
/// <param name="Metrics">What was measured.</param>
/// <param name="Files">Other files that were written.</param>
internal sealed record StageRecord(
    string Stage,
    string Fingerprint,
    RecordedFile? Model,
    bool IsSmall,
    RecordedFile? Masks,
    ModelMetrics? Metrics,
    IReadOnlyList<RecordedFile> Files
)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>All files that it stands for.</summary>
    [JsonIgnore]
    public IEnumerable<RecordedFile> All => new[] { Model, Masks }.OfType<RecordedFile>().Concat(Files);

    /// <summary>The bytes of the file; the same record always has the same.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Reads them; null where they are none of a record of this version.</summary>
    public static StageRecord? TryParse(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<StageRecord>(bytes, Options);
        }
        catch (JsonException)
        {
            return null; // damaged, or of another version: the stage runs again
        }
    }
}
