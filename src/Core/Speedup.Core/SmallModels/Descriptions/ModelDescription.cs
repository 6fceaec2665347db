namespace Speedup.Core.SmallModels.Descriptions;

/// <summary>What a model is made of; plain values, without its weights.</summary>
/// <param name="Modules">All modules, the model itself first.</param>
/// <param name="Held">Tensors in fields that are neither parameter nor buffer, by place.</param>
internal sealed record ModelDescription(IReadOnlyList<ModuleDescription> Modules, IReadOnlyDictionary<string, TensorDescription> Held)
{
    /// <summary>The description of a model in which one of the modules is what another description says.</summary>
    public ModelDescription With(string path, ModelDescription part)
    {
        string below = path + ".";
        IEnumerable<ModuleDescription> moved = part.Modules.Select(module =>
            module with
            {
                Path = module.Path.Length == 0 ? path : below + module.Path,
                Tensors = module.Tensors.ToDictionary(
                    own => own.Key,
                    own => own.Value with { SharedWith = own.Value.SharedWith is { } name ? below + name : null }
                ),
            }
        );
        var held = Held.Where(entry => !IsBelow(entry.Key)).ToDictionary();
        foreach ((string place, TensorDescription tensor) in part.Held)
            held[below + place] = tensor;
        int at = Modules.TakeWhile(module => module.Path != path).Count();
        return new ModelDescription(
            [.. Modules.Take(at), .. moved, .. Modules.Skip(at).Where(module => module.Path != path && !IsBelow(module.Path))],
            held
        );

        bool IsBelow(string place) => place.StartsWith(below, StringComparison.Ordinal);
    }
}
