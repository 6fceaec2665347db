using Speedup.Persistence.Masks;
using Speedup.Persistence.Pth;
using Speedup.Persistence.Safetensors;
using static TorchSharp.torch;

namespace Speedup.Persistence;

/// <summary>
/// Reads and writes masks: <c>.pth</c> and <c>.pt</c> as NNI's pruners write them (<c>{module path: {'weight': tensor, 'bias': tensor or
/// None}}</c>), and <c>.safetensors</c> with flat names (<c>module.path.weight</c>). Reads also what <c>torch.nn.utils.prune</c> leaves in state dicts
/// (<c>weight_orig</c> and <c>weight_mask</c>), and <c>.json</c> with lists of channels. Reading runs nothing from the file.
/// </summary>
public static class MaskFile
{
    /// <summary>Reads the masks of a file. Whether they fit a model is for <see cref="MaskValidator"/> to say.</summary>
    /// <param name="path">File with the extension .pth, .pt, .bin, .ckpt, .tar or .safetensors.</param>
    /// <param name="options">Which part of the file is read, and under which names; patterns and prefixes see module paths. Null: all.</param>
    /// <returns>The masks, owned by the caller, on the CPU. Parameters whose mask is None have no entry.</returns>
    /// <exception cref="PersistenceException">The file cannot be read, is damaged, unsafe, or holds something else.</exception>
    public static MaskSet Load(string path, TensorFileOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool isPth = FileFormats.Of(path) == FileFormat.Pth;
        TensorFileOptions wanted = options ?? new TensorFileOptions();
        return new FileErrors(path).WithinMemory(() => new MaskSet(isPth ? PthMasks.Read(path, wanted) : ReadFlat(path, wanted)));
    }

    /// <summary>As <see cref="Load(string, TensorFileOptions?)"/>, and also <c>.json</c> with lists of channels, whose lengths the model tells.</summary>
    /// <param name="path">File with one of those extensions, or .json: <c>{"conv1": [0, 3], "fc": {"axis": 1, "kept": [1, 2]}}</c>.</param>
    /// <param name="model">The model that is to be masked; not changed.</param>
    /// <param name="options">Which part of the file is read, and under which names; not for .json. Null: all.</param>
    /// <returns>The masks, owned by the caller, on the CPU.</returns>
    /// <exception cref="PersistenceException">The file cannot be read, is damaged, unsafe, or holds something else.</exception>
    public static MaskSet Load(string path, nn.Module model, TensorFileOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(model);
        if (!FileFormats.IsJson(path))
            return Load(path, options);
        var errors = new FileErrors(path);
        return errors.WithinMemory(() => new MaskSet(new MaskChannels(model, errors).Read()));
    }

    /// <summary>Writes masks; the file appears as a whole or not at all.</summary>
    /// <param name="masks">The masks; they stay the caller's.</param>
    /// <param name="path">File with the extension .pth, .pt or .safetensors; replaced if it exists.</param>
    /// <exception cref="PersistenceException">The file or one of the masks cannot be written; an old file is still there.</exception>
    public static void Save(MaskSet masks, string path)
    {
        ArgumentNullException.ThrowIfNull(masks);
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileFormat format = FileFormats.Of(path);
        var errors = new FileErrors(path);
        foreach (MaskEntry entry in masks.Entries)
            CheckName(entry, errors);
        var content = TensorFile.Create(masks.Entries.Select(entry => KeyValuePair.Create(FlatNames.Of(entry), entry.Mask)), [], errors);
        if (format == FileFormat.Pth)
            PthWriter.WriteMasks(masks, path);
        else
            SafetensorsWriter.Write(content, path);
    }

    private static void CheckName(MaskEntry entry, FileErrors errors)
    {
        if (entry.Parameter.Length == 0 || entry.Parameter.Contains('.', StringComparison.Ordinal))
            throw errors.Create(
                FileCodes.BadName,
                $"'{Quoted.Text(entry.Parameter)}' is no parameter name: it is empty or has a dot. Put the path into ModulePath, the last part into Parameter."
            );
    }

    /// <summary>Masks by flat names: those of pairs if there are any, else all tensors.</summary>
    private static List<MaskEntry> ReadFlat(string path, TensorFileOptions options)
    {
        using StateDict tensors = SafetensorsReader.Read(path, options, multiplies: false);
        IReadOnlyList<string> pairs = PrunedPairs.Find(tensors.Names);
        return pairs.Count > 0
            ? [.. pairs.Select(parameter => FlatNames.Entry(parameter, tensors.Release(PrunedPairs.MaskOf(parameter))))]
            : [.. tensors.Names.ToArray().Select(name => FlatNames.Entry(name, tensors.Release(name)))];
    }
}
