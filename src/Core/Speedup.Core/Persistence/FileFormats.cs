namespace Speedup.Core.Persistence;

/// <summary>Tells the format of a file by its extension.</summary>
internal static class FileFormats
{
    public static FileFormat Of(string path)
    {
        string extension = Path.GetExtension(path);
        return extension.ToUpperInvariant() switch
        {
            ".PTH" or ".PT" => FileFormat.Pth,
            ".SAFETENSORS" => FileFormat.Safetensors,
            _ => throw new PersistenceException(
                FileCodes.UnknownExtension,
                path,
                $"the extension '{extension}' is not known. Use .pth or .pt (PyTorch) or .safetensors."
            ),
        };
    }
}
