using System.Text.Json;

namespace Speedup.Pruning.Pipeline;

/// <summary>What a folder says of its pipeline: <c>pipeline.json</c>.</summary>
/// <param name="Format">Version of all files of the folder.</param>
/// <param name="Name">Name of the pipeline.</param>
/// <param name="ModelClass">Full name of the model's class.</param>
/// <param name="ModelLayout">Hash of that, and of what its state dict holds; see <see cref="Fingerprint.OfLayout"/>.</param>
internal sealed record PipelineManifest(int Format, string Name, string ModelClass, string ModelLayout)
{
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    /// <summary>The bytes of the file.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Reads them.</summary>
    /// <exception cref="PipelineException">It is no manifest of this version.</exception>
    public static PipelineManifest Parse(byte[] bytes, string path)
    {
        try
        {
            PipelineManifest? manifest = JsonSerializer.Deserialize<PipelineManifest>(bytes, Options);
            if (manifest?.Format == CurrentFormat)
                return manifest;
        }
        catch (JsonException fault)
        {
            throw Bad(path, fault);
        }
        throw Bad(path, null);
    }

    private static PipelineException Bad(string path, Exception? fault) =>
        new(
            PipelineCodes.BadManifest,
            $"'{path}' is damaged, or of another version of this library (format {CurrentFormat} is known). Give another folder, or delete this one.",
            fault
        );
}
