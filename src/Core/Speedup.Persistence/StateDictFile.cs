using Speedup.Persistence.Pth;
using Speedup.Persistence.Safetensors;
using static TorchSharp.torch;

namespace Speedup.Persistence;

/// <summary>
/// Reads and writes weights: <c>.pth</c> and <c>.pt</c> as PyTorch's torch.save writes a state dict or a checkpoint around one, and
/// <c>.safetensors</c>. Reading runs nothing from the file; docs/file-formats.md has the rules.
/// </summary>
public static class StateDictFile
{
    /// <summary>
    /// Reads tensors of a file, onto the CPU. Of what <c>torch.nn.utils.prune</c> left as <c>weight_orig</c> and <c>weight_mask</c> it gives the product,
    /// under the name <c>weight</c>, as PyTorch computes it; <see cref="MaskFile"/> reads the masks.
    /// </summary>
    /// <param name="path">File with the extension .pth, .pt, .bin, .ckpt, .tar or .safetensors.</param>
    /// <param name="options">Which part of the file is read, and under which names. Null: all.</param>
    /// <returns>The tensors, owned by the caller. Views that shared a storage in a .pth file share memory again.</returns>
    /// <exception cref="PersistenceException">The file cannot be read, is damaged, unsafe, or holds something else.</exception>
    public static StateDict Load(string path, TensorFileOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool isPth = FileFormats.Of(path) == FileFormat.Pth;
        return new FileErrors(path).WithinMemory(() => isPth ? PthStateDict.Read(path, options) : SafetensorsReader.Read(path, options));
    }

    /// <summary>Writes tensors; the file appears as a whole or not at all.</summary>
    /// <param name="tensors">The tensors; they stay the caller's.</param>
    /// <param name="path">File with the extension .pth, .pt or .safetensors; replaced if it exists.</param>
    /// <exception cref="PersistenceException">The file or one of the tensors cannot be written; an old file is still there.</exception>
    public static void Save(StateDict tensors, string path)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Save(tensors, tensors.Metadata, path);
    }

    /// <summary>Writes the parameters and buffers of a module; the file appears as a whole or not at all.</summary>
    /// <param name="module">The module; not changed.</param>
    /// <param name="path">File with the extension .pth, .pt or .safetensors; replaced if it exists.</param>
    /// <exception cref="PersistenceException">The file or one of the tensors cannot be written; an old file is still there.</exception>
    public static void Save(nn.Module module, string path)
    {
        ArgumentNullException.ThrowIfNull(module);
        Save(module.state_dict(), [], path);
    }

    /// <summary>
    /// Copies the weights of a file into a module. Everything is checked first; types are converted to the module's; a missing
    /// <c>num_batches_tracked</c> is allowed. On any fault the module is as it was.
    /// </summary>
    /// <param name="module">The module to fill, on any device.</param>
    /// <param name="path">File with the extension .pth, .pt, .bin, .ckpt, .tar or .safetensors.</param>
    /// <param name="options">Which part of the file is read, and under which names. Null: all.</param>
    /// <exception cref="PersistenceException">The file cannot be read, is damaged, unsafe, or holds something else.</exception>
    /// <exception cref="StateDictException">File and module do not fit; the exception lists all faults.</exception>
    public static void LoadInto(nn.Module module, string path, TensorFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        using StateDict source = Load(path, options);
        new FileErrors(path).WithinMemory(() =>
        {
            StateDictLoader.Load(module, source, path);
            return true;
        });
    }

    private static void Save(
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IEnumerable<KeyValuePair<string, string>> metadata,
        string path
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileFormat format = FileFormats.Of(path);
        var content = TensorFile.Create(tensors, metadata, new FileErrors(path));
        if (format == FileFormat.Pth)
            PthWriter.WriteStateDict(content, path);
        else
            SafetensorsWriter.Write(content, path);
    }
}
