namespace Speedup.Pruning.Descriptions;

/// <summary>Writes the model into a file.</summary>
public sealed record SaveDescription : StageDescription
{
    /// <summary>The file: .speedup, or .pth, .pt or .safetensors for weights alone; relative to the pipeline's folder.</summary>
    public required string Path { get; init; }
}
