namespace Speedup.Pruning.Abstractions;

/// <summary>Names of module classes, as <see cref="PruningRule.OpTypes"/> has them.</summary>
public static class LayerTypes
{
    /// <summary>Convolutions, transposed ones, and fully connected layers.</summary>
    public static IReadOnlyList<string> Linear { get; } =
    ["Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "Linear"];

    /// <summary>Norms over the batch.</summary>
    public static IReadOnlyList<string> BatchNorm { get; } = ["BatchNorm1d", "BatchNorm2d", "BatchNorm3d"];
}
