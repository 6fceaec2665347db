using Speedup.Core.SmallModels.Recipes;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels.Loading;

/// <summary>Checks a recipe against the tensors that came with it, before anything is made of either.</summary>
internal static class RecipeCheck
{
    /// <summary>All that is wrong, one line each.</summary>
    public static IReadOnlyList<string> Find(Recipe recipe, StateDict content)
    {
        var faults = new List<string>();
        if (recipe.Modules.Count == 0 || recipe.Modules[0].Path.Length > 0 || recipe.Modules[0].Call is not null)
            faults.Add("the recipe does not begin with the model itself");
        if (recipe.Modules.Select(module => module.Path).Distinct(StringComparer.Ordinal).Count() != recipe.Modules.Count)
            faults.Add("a module is in the recipe twice");
        foreach (RecipeModule module in recipe.Modules)
        {
            bool isChanged = !module.Gone && (module.Call is null || UsesDense(module.Call));
            foreach ((string name, RecipeTensor tensor) in module.Tensors)
                Check($"{module.Path}.{name}", tensor, content, isNeeded: isChanged, faults);
            if (module.Call is { } call)
                Check(module.Path, call, content, faults);
        }
        foreach ((string place, RecipeTensor tensor) in recipe.Held)
            Check(place, tensor, content, isNeeded: true, faults);
        return faults;
    }

    /// <summary>Whether the dense model's module goes on in the one that takes its place.</summary>
    public static bool UsesDense(RecipeCall call) =>
        call.Arguments.Values.Any(argument => argument.Dense || (argument.Call is { } inner && UsesDense(inner)));

    private static void Check(string path, RecipeCall call, StateDict content, List<string> faults)
    {
        foreach ((string name, RecipeTensor tensor) in call.Tensors)
            Check($"{path}.{name}", tensor, content, isNeeded: true, faults);
        foreach ((string name, RecipeArgument argument) in call.Arguments)
        {
            IEnumerable<string> named = argument.Tensors?.Values ?? (argument.Tensor is { } single ? [single] : []);
            faults.AddRange(
                named
                    .Where(stored => !content.TryGetValue(stored, out _))
                    .Select(stored => $"'{Quoted.Text(path)}' is made with the tensor '{Quoted.Text(stored)}', which is not in the file")
            );
            if (argument.Call is { } inner)
                Check($"{path}.{name}", inner, content, faults);
        }
    }

    private static void Check(string path, RecipeTensor tensor, StateDict content, bool isNeeded, List<string> faults)
    {
        string shown = $"'{Quoted.Text(path)}'";
        if (tensor.Dense is null && tensor.Small is null)
            faults.Add($"{shown} has no lengths");
        else if (tensor.Stored is null)
        {
            if (isNeeded)
                faults.Add($"{shown} has no values");
        }
        else if (!content.TryGetValue(tensor.Stored, out Tensor? stored))
            faults.Add($"{shown} has its values in '{Quoted.Text(tensor.Stored)}', which is not in the file");
        else if (stored.dtype != tensor.Type || !stored.shape.AsSpan().SequenceEqual(tensor.Small ?? tensor.Dense))
            faults.Add(
                $"{shown} is to be {tensor.Type} [{string.Join(", ", tensor.Small ?? tensor.Dense!)}], and its values are "
                    + $"{stored.dtype} [{string.Join(", ", stored.shape)}]"
            );
    }
}
