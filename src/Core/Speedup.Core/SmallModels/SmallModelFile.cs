using System.Globalization;
using System.Text.Json;
using Speedup.Core.SmallModels.Recipes;
using Speedup.Persistence;
using Speedup.Persistence.Safetensors;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels;

/// <summary>A <c>.speedup</c> file: safetensors, whose metadata holds the recipe, its version, and a hash of all that counts.</summary>
internal static class SmallModelFile
{
    private const string VersionKey = "speedup.version";
    private const string RecipeKey = "speedup.recipe";
    private const string HashKey = "speedup.sha256";

    /// <summary>Writes a file under another name, then moves it.</summary>
    public static void Write(Recipe recipe, IReadOnlyDictionary<string, Tensor> tensors, string path)
    {
        string json = RecipeJson.Write(recipe);
        string version = Recipe.Version.ToString(CultureInfo.InvariantCulture);
        var metadata = new Dictionary<string, string>
        {
            [VersionKey] = version,
            [RecipeKey] = json,
            [HashKey] = Hash(version, json, tensors),
        };
        SafetensorsWriter.Write(TensorFile.Create(tensors, metadata, new FileErrors(path)), path);
    }

    /// <summary>Reads a file and checks that it is whole.</summary>
    /// <returns>The recipe, and the tensors on the CPU, which belong to the caller.</returns>
    public static (Recipe Recipe, StateDict Tensors) Read(string path)
    {
        StateDict content = new FileErrors(path).WithinMemory(() => SafetensorsReader.Read(path));
        try
        {
            return (ReadRecipe(content, path), content);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private static Recipe ReadRecipe(StateDict content, string path)
    {
        IDictionary<string, string> metadata = content.Metadata;
        if (
            !metadata.TryGetValue(VersionKey, out string? version)
            || !metadata.TryGetValue(RecipeKey, out string? json)
            || !metadata.TryGetValue(HashKey, out string? hash)
        )
            throw new SmallModelException(
                SmallModelCodes.NoSmallModel,
                path,
                "it is a .safetensors file, but holds no small model. Give a file that SmallModel.Save wrote; plain weights are for "
                    + "StateDictFile.LoadInto."
            );
        if (version != Recipe.Version.ToString(CultureInfo.InvariantCulture))
            throw new SmallModelException(
                SmallModelCodes.UnknownVersion,
                path,
                $"it has version '{version}' of the format, and {Recipe.Version} is read. Load it with the version of the framework that wrote it."
            );
        if (Hash(version, json, content.ToDictionary()) != hash)
            throw new SmallModelException(
                SmallModelCodes.Damaged,
                path,
                "its content does not have the hash that it names: it was damaged or changed. Copy it again, or save the model again."
            );
        new LoadBudget(new FileInfo(path).Length, FileLimits.Default, new FileErrors(path), "to hold its recipe").Charge(
            RecipeCost.Of(json)
        );
        return Parse(json, path);
    }

    private static Recipe Parse(string json, string path)
    {
        try
        {
            return RecipeJson.Read(json);
        }
        catch (JsonException fault)
        {
            throw new SmallModelException(
                SmallModelCodes.BadRecipe,
                path,
                $"its recipe cannot be read ({fault.Message.Split('\n')[0]}). The file was not written by SmallModel.Save; do not trust it.",
                inner: fault
            );
        }
    }

    /// <summary>SHA-256 of version, recipe, and each tensor in the order of names: name, type, lengths, bytes.</summary>
    private static string Hash(string version, string recipe, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var hash = new ContentHash();
        hash.Add(version);
        hash.Add(recipe);
        foreach ((string name, Tensor tensor) in tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            hash.Add(name);
            hash.Add(tensor);
        }
        return hash.Finish();
    }
}
