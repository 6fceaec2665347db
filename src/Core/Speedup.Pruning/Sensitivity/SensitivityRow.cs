using Speedup.Pruning.Evaluation;

namespace Speedup.Pruning.Sensitivity;

/// <summary>The model with one layer pruned, or one width.</summary>
/// <param name="Layers">Paths of the layers that were pruned together; one where layers are pruned by themselves.</param>
/// <param name="Sparsity">The sparsity that was asked for.</param>
/// <param name="Masked">The part of the entries of the masked parameters that the masks take; less where a minimum or whole channels stand against it.</param>
/// <param name="Metrics">What the evaluation measured.</param>
public sealed record SensitivityRow(IReadOnlyList<string> Layers, double Sparsity, double Masked, ModelMetrics Metrics)
{
    /// <summary>The first layer, and how many others there are.</summary>
    public string Name => Layers.Count == 1 ? Layers[0] : $"{Layers[0]} (+{Layers.Count - 1})";
}
