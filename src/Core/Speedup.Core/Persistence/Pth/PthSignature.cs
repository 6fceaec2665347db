namespace Speedup.Core.Persistence.Pth;

/// <summary>Looks at the first bytes of a file that should be a zip, and says what it is if it is none.</summary>
internal static class PthSignature
{
    private static readonly byte[] Zip = [(byte)'P', (byte)'K', 3, 4];

    /// <summary>The number with which torch.save began its files before PyTorch 1.6, pickled.</summary>
    private static readonly byte[] Legacy = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

    public static void Check(Stream stream, FileErrors errors)
    {
        var buffer = new byte[Legacy.Length];
        int count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        ReadOnlySpan<byte> start = buffer.AsSpan(0, count);
        if (start.StartsWith(Zip))
            return;
        if (start.StartsWith(Legacy))
            throw errors.Create(
                FileCodes.LegacyFile,
                "it is in the format that torch.save used before PyTorch 1.6 (or with _use_new_zipfile_serialization=False). "
                    + "Load it in PyTorch and save it again with torch.save(value, path)."
            );
        throw errors.Create(FileCodes.NotAnArchive, $"it is not a zip archive as torch.save writes it: {Found(start)}.");
    }

    private static string Found(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
            return "it is empty; copy or download it again";
        string bytes = Convert.ToHexString(start[..Math.Min(8, start.Length)]);
        if (start.Length > 9 && start[8] == '{')
            return $"it starts like a .safetensors file ({bytes}); give it that extension";
        if (start[0] == 0x80)
            return $"it is a bare pickle ({bytes}); save it with torch.save instead of pickle.dump";
        return $"it starts with the bytes {bytes}; if it comes from TorchSharp's Module.save, save with StateDictFile.Save instead";
    }
}
