using Speedup.Abstractions;
using Speedup.Core.Models;
using Speedup.Core.SmallModels.Descriptions;
using Speedup.Core.SmallModels.Recipes;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Loading;

/// <summary>Notes where a loaded small model comes from, so that it can be sped up again and saved.</summary>
internal static class RecipeOrigin
{
    /// <summary>Notes it.</summary>
    /// <param name="model">The small model.</param>
    /// <param name="dense">What it was made of.</param>
    /// <param name="recipe">How.</param>
    /// <param name="made">Its new native modules, each with how it was made.</param>
    public static void Note(nn.Module model, ModelDescription dense, Recipe recipe, IReadOnlyDictionary<nn.Module, ModuleConstruction> made)
    {
        var kept = new Dictionary<string, IReadOnlyDictionary<int, IReadOnlyList<long>>>(StringComparer.Ordinal);
        foreach (RecipeModule module in recipe.Modules)
        foreach ((string name, RecipeTensor tensor) in module.Tensors.Where(entry => entry.Value.Kept is not null))
            kept[TensorPath.Join(module.Path, name)] = tensor.Kept!;
        ModelOrigins.Note(model, new ModelOrigin(dense, recipe.Speedups, kept));
        foreach ((nn.Module module, ModuleConstruction construction) in made)
            ModelOrigins.Note(module, construction);
    }
}
