using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>The layers to prune, and those that must stay whole.</summary>
/// <param name="Layers">The layers to prune, in the order of the model's modules.</param>
/// <param name="Kept">Paths of layers that must not lose a channel, whatever they go together with.</param>
public sealed record PruningTargets(IReadOnlyList<PruningTarget> Layers, IReadOnlySet<string> Kept)
{
    /// <summary>Finds the layers that rules are about. For each layer the last rule that fits it counts.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="defaultOpTypes">What a rule without types and names is about; see <see cref="IPruner.DefaultOpTypes"/>.</param>
    /// <returns>The targets.</returns>
    /// <exception cref="PruningException">A rule fits nothing, or says something impossible; all such rules are named.</exception>
    public static PruningTargets Resolve(nn.Module model, IReadOnlyList<PruningRule> rules, IReadOnlyList<string> defaultOpTypes)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(defaultOpTypes);
        return new RuleResolution(model, defaultOpTypes).Resolve(rules);
    }

    /// <summary>The same layers at another sparsity, for a schedule.</summary>
    /// <param name="factor">What each sparsity is multiplied with, from 0 to 1.</param>
    public PruningTargets Scale(double factor) =>
        this with
        {
            Layers = [.. Layers.Select(layer => layer with { Sparsity = layer.Sparsity * factor })],
        };
}
