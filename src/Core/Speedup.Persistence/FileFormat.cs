namespace Speedup.Persistence;

/// <summary>The file formats that are read and written.</summary>
internal enum FileFormat
{
    /// <summary>Zip with a pickle, as torch.save writes it.</summary>
    Pth,

    /// <summary>JSON header and raw bytes.</summary>
    Safetensors,
}
