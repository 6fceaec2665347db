using Speedup.Core.Models;
using Speedup.Core.SmallModels.Descriptions;
using Speedup.Core.SmallModels.Loading;
using Speedup.Core.SmallModels.Recipes;
using Speedup.Core.SmallModels.Saving;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace Speedup.Core.SmallModels;

/// <summary>
/// Writes small models into <c>.speedup</c> files, and makes them again of freshly built dense ones: without masks, example inputs, a trace or the
/// plugins that made them small. docs/small-models.md tells more.
/// </summary>
public static class SmallModel
{
    /// <summary>Writes a small model, with its weights as they are now; the file appears as a whole or not at all.</summary>
    /// <param name="model">A model that was made small in this process, any number of times, or loaded by <see cref="Load"/>; not changed.</param>
    /// <param name="path">The file, by custom with the extension <c>.speedup</c>; replaced if it exists.</param>
    /// <exception cref="SmallModelException">
    /// The model is not known to be small (SPD1048), or something in it cannot be saved (SPD1045): the exception lists all reasons.
    /// </exception>
    /// <exception cref="PersistenceException">The file cannot be written; an old file is still there.</exception>
    public static void Save(nn.Module model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using IDisposable noGradients = no_grad();
        using var scope = NewDisposeScope();
        var inventory = new ModelInventory(model);
        ModelOrigin origin = ModelOrigins.Of(inventory);
        if (origin.Speedups.Count == 0)
            throw new SmallModelException(
                SmallModelCodes.UnknownOrigin,
                path,
                "this process has neither made the model small nor loaded it as a small one, so that nothing tells what it was before. Save the "
                    + "very object that the speedup was given; for weights alone there is StateDictFile.Save."
            );
        var writer = new RecipeWriter(inventory, origin);
        Recipe recipe = writer.Write();
        if (writer.Reasons.Count > 0)
            throw new SmallModelException(
                SmallModelCodes.CannotSave,
                path,
                "the model cannot be saved; no file was written.",
                writer.Reasons
            );
        SmallModelFile.Write(recipe, writer.Tensors, path);
    }

    /// <summary>Makes the small model of a file out of a freshly built dense one, in place.</summary>
    /// <param name="model">
    /// The dense model, built by the same class with the same arguments as the one that was made small; its weights do not matter. Create optimizers
    /// after this call, since parameters become other objects.
    /// </param>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <param name="options">Options; may be left out.</param>
    /// <returns>The same model. Its training flags and devices are those that it had.</returns>
    /// <exception cref="SmallModelException">
    /// File and model do not fit, with all differences (SPD1044); the file is damaged or forged, or names a class that it may not. The model is
    /// unchanged.
    /// </exception>
    /// <exception cref="PersistenceException">The file cannot be read, or is no .safetensors file; the model is unchanged.</exception>
    public static TModel Load<TModel>(TModel model, string path, SmallModelOptions? options = null)
        where TModel : nn.Module
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelLoader.Load(model, path, options ?? new SmallModelOptions());
        return model;
    }

    /// <summary>Tells what is in a file, without a model.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <exception cref="SmallModelException">The file is damaged, or no small model.</exception>
    /// <exception cref="PersistenceException">The file cannot be read, or is no .safetensors file.</exception>
    public static SmallModelInfo Inspect(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (Recipe recipe, StateDict content) = SmallModelFile.Read(path);
        using StateDict _ = content;
        return SmallModelInfo.Of(recipe, content);
    }
}
