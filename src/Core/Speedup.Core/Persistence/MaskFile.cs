using Speedup.Core.Masks;
using Speedup.Core.Persistence.Pth;
using Speedup.Core.Persistence.Safetensors;
using static TorchSharp.torch;

namespace Speedup.Core.Persistence;

/// <summary>
/// Reads and writes masks: <c>.pth</c> and <c>.pt</c> as NNI's pruners write them (<c>{module path: {'weight': tensor, 'bias': tensor or
/// None}}</c>), and <c>.safetensors</c> with flat names (<c>module.path.weight</c>). Reading runs nothing from the file.
/// </summary>
public static class MaskFile
{
    /// <summary>Reads the masks of a file. Whether they fit a model is for <see cref="MaskValidator"/> to say.</summary>
    /// <param name="path">File with the extension .pth, .pt or .safetensors.</param>
    /// <returns>The masks, owned by the caller, on the CPU. Parameters whose mask is None have no entry.</returns>
    /// <exception cref="PersistenceException">The file cannot be read, is damaged, unsafe, or holds something else.</exception>
    public static MaskSet Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool isPth = FileFormats.Of(path) == FileFormat.Pth;
        return new FileErrors(path).WithinMemory(() => new MaskSet(isPth ? PthMasks.Read(path) : ReadFlat(path)));
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
        var content = TensorFile.Create(masks.Entries.Select(entry => KeyValuePair.Create(FlatName(entry), entry.Mask)), [], errors);
        if (format == FileFormat.Pth)
            PthWriter.WriteMasks(masks, path);
        else
            SafetensorsWriter.Write(content, path);
    }

    private static string FlatName(MaskEntry entry) =>
        entry.ModulePath.Length == 0 ? entry.Parameter : $"{entry.ModulePath}.{entry.Parameter}";

    private static void CheckName(MaskEntry entry, FileErrors errors)
    {
        if (entry.Parameter.Length == 0 || entry.Parameter.Contains('.', StringComparison.Ordinal))
            throw errors.Create(
                FileCodes.BadName,
                $"'{Quoted.Text(entry.Parameter)}' is no parameter name: it is empty or has a dot. Put the path into ModulePath, the last part into Parameter."
            );
    }

    private static List<MaskEntry> ReadFlat(string path)
    {
        StateDict tensors = SafetensorsReader.Read(path);
        return [.. tensors.Select(item => Entry(item.Key, item.Value))];
    }

    private static MaskEntry Entry(string name, Tensor mask)
    {
        int dot = name.LastIndexOf('.');
        return new MaskEntry(dot < 0 ? "" : name[..dot], name[(dot + 1)..], mask);
    }
}
