using System.Text.Json;
using Speedup.Core.SmallModels.Descriptions;
using Speedup.Core.SmallModels.Recipes;
using Speedup.Persistence.Masks;

namespace Speedup.Core.SmallModels.Loading;

/// <summary>Compares a model with the dense one that a file was made of.</summary>
internal static class DenseCheck
{
    /// <summary>All that differs, one line each.</summary>
    /// <param name="recipe">What the file says.</param>
    /// <param name="model">What the model is.</param>
    /// <param name="ignored">Names of fields whose values may differ.</param>
    public static IReadOnlyList<string> Find(Recipe recipe, ModelDescription model, IReadOnlyList<string> ignored)
    {
        var own = model.Modules.ToDictionary(module => module.Path, StringComparer.Ordinal);
        HashSet<string> inFile = new(recipe.Modules.Select(module => module.Path), StringComparer.Ordinal);
        return
        [
            .. recipe.Modules.SelectMany(module =>
                own.TryGetValue(module.Path, out ModuleDescription? found)
                    ? Compare(module, found, ignored)
                    : [$"{Show(module.Path)} ({Quoted.Text(module.Class)}) is in the file, and not in the model"]
            ),
            .. model
                .Modules.Where(module => !inFile.Contains(module.Path))
                .Select(module => $"{Show(module.Path)} ({module.Class}) is in the model, and not in the file"),
            .. recipe.Held.SelectMany(entry => CompareHeld(entry.Key, entry.Value, model)),
        ];
    }

    private static IEnumerable<string> Compare(RecipeModule file, ModuleDescription model, IReadOnlyList<string> ignored)
    {
        if (file.Class != model.Class)
            return [$"{Show(file.Path)} is a {model.Class} in the model, and a {Quoted.Text(file.Class)} in the file"];
        return [.. CompareSettings(file, model, ignored), .. CompareTensors(file, model)];
    }

    private static IEnumerable<string> CompareSettings(RecipeModule file, ModuleDescription model, IReadOnlyList<string> ignored)
    {
        foreach ((string name, JsonElement value) in file.Settings)
        {
            if (!model.Settings.TryGetValue(name, out JsonElement own))
                yield return $"{Show(file.Path)}: '{Quoted.Text(name)}' is in the file, and {model.Class} has no such field";
            else if (!model.State.Contains(name) && !ignored.Contains(name) && !JsonElement.DeepEquals(own, value))
                yield return $"{Show(file.Path)}: {name} is {own.GetRawText()} in the model, and {Quoted.Text(value.GetRawText())} in the file";
        }
        foreach (string name in model.Settings.Keys.Where(name => !file.Settings.ContainsKey(name)))
            yield return $"{Show(file.Path)}: {name} is in the model, and not in the file";
    }

    private static IEnumerable<string> CompareTensors(RecipeModule file, ModuleDescription model)
    {
        foreach ((string name, RecipeTensor tensor) in file.Tensors.Where(entry => entry.Value.Dense is not null))
        {
            string path = Models.TensorPath.Join(file.Path, name);
            var dense = new TensorDescription(tensor.Type, tensor.Dense!, tensor.SharedWith);
            if (!model.Tensors.TryGetValue(name, out TensorDescription? own))
                yield return $"'{Quoted.Text(path)}' {dense} is in the file, and not in the model";
            else if (!own.IsLike(dense))
                yield return $"'{Quoted.Text(path)}' is {own} in the model, and {dense} in the file";
            else if (own.SharedWith != dense.SharedWith)
                yield return $"'{Quoted.Text(path)}' {DescribeShared(own)} in the model, and {DescribeShared(dense)} in the file";
        }
        foreach (string name in model.Tensors.Keys.Where(name => file.Tensors.GetValueOrDefault(name)?.Dense is null))
            yield return $"'{Models.TensorPath.Join(file.Path, name)}' {model.Tensors[name]} is in the model, and not in the file";
    }

    /// <summary>A tensor in a field may be one that the first call makes: where it did not shrink, it may be missing.</summary>
    private static IEnumerable<string> CompareHeld(string place, RecipeTensor file, ModelDescription model)
    {
        if (file.Dense is null)
            yield break; // refused by the check of the recipe
        var dense = new TensorDescription(file.Type, file.Dense, null);
        if (!model.Held.TryGetValue(place, out TensorDescription? own))
        {
            if (file.Small is not null)
                yield return $"'{Quoted.Text(place)}' {dense} is in the file, and not in the model";
        }
        else if (!own.IsLike(dense))
        {
            yield return $"'{Quoted.Text(place)}' is {own} in the model, and {dense} in the file";
        }
    }

    private static string DescribeShared(TensorDescription tensor) =>
        tensor.SharedWith is { } other ? $"shares its memory with '{Quoted.Text(other)}'" : "has memory of its own";

    private static string Show(string path) => path.Length == 0 ? "the model" : $"'{Quoted.Text(path)}'";
}
