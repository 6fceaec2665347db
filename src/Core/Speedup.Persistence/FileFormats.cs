namespace Speedup.Persistence;

/// <summary>Tells the format of a file by its extension.</summary>
internal static class FileFormats
{
    /// <summary>Whether a file is JSON by its extension.</summary>
    public static bool IsJson(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    public static FileFormat Of(string path)
    {
        string extension = Path.GetExtension(path);
        return extension.ToUpperInvariant() switch
        {
            ".PTH" or ".PT" or ".BIN" or ".CKPT" or ".TAR" => FileFormat.Pth,
            ".SAFETENSORS" => FileFormat.Safetensors,
            _ => throw new PersistenceException(
                FileCodes.UnknownExtension,
                path,
                $"the extension '{extension}' is not known. Use .pth, .pt, .bin, .ckpt or .tar (PyTorch) or .safetensors; .json for masks as lists of channels."
            ),
        };
    }
}
