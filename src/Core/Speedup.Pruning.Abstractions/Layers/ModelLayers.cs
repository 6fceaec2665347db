using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>The modules of a model by path.</summary>
/// <param name="model">The model; not changed.</param>
public sealed class ModelLayers(nn.Module model)
{
    private readonly Dictionary<string, nn.Module> _modules = MaskAddress.ModulesOf(model);

    /// <summary>The module of a path.</summary>
    /// <param name="modulePath">Dotted path of the module from the root.</param>
    /// <exception cref="PruningException">There is none.</exception>
    public nn.Module this[string modulePath] =>
        _modules.GetValueOrDefault(modulePath)
        ?? throw new PruningException(
            PruningCodes.NoLayer,
            $"The model has no module '{Quoted.Text(modulePath)}'{new NearestName(_modules.Keys).Suggest(modulePath, "the nearest is")}."
        );
}
