using Speedup.Core.SmallModels.Recipes;

namespace Speedup.Core.SmallModels;

/// <summary>A module of a small model that differs from the dense model's.</summary>
/// <param name="Path">Where it is in the dense model; empty for the model itself.</param>
/// <param name="Class">Full name of its class; where another class takes its place, of that one.</param>
/// <param name="Settings">Plain values in fields that differ: name, value in the dense model, value in the small one.</param>
/// <param name="Tensors">Tensors of other lengths, or new ones: name, lengths in the dense model (null for a new one), lengths in the small one.</param>
public sealed record SavedModule(
    string Path,
    string Class,
    IReadOnlyList<(string Name, string Dense, string Small)> Settings,
    IReadOnlyList<(string Name, IReadOnlyList<long>? Dense, IReadOnlyList<long> Small)> Tensors
)
{
    internal static SavedModule? Find(RecipeModule module)
    {
        (string, IReadOnlyList<long>?, IReadOnlyList<long>)[] tensors =
        [
            .. module
                .Tensors.Concat(module.Call?.Tensors ?? new Dictionary<string, RecipeTensor>())
                .Where(entry => entry.Value.Small is not null)
                .Select(entry => (entry.Key, (IReadOnlyList<long>?)entry.Value.Dense, (IReadOnlyList<long>)entry.Value.Small!)),
        ];
        (string, string, string)[] settings =
        [
            .. module.Changed.Select(entry =>
                (entry.Key, module.Settings.TryGetValue(entry.Key, out var dense) ? dense.GetRawText() : "", entry.Value.GetRawText())
            ),
        ];
        return module.Call is null && tensors.Length == 0 && settings.Length == 0
            ? null
            : new SavedModule(module.Path, module.Call?.Class ?? module.Class, settings, tensors);
    }
}
