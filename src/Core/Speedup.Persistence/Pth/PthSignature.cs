namespace Speedup.Persistence.Pth;

/// <summary>Looks at the first bytes of a file of torch.save, and says what it is if it is none.</summary>
internal static class PthSignature
{
    private const int TarMark = 257;
    private static readonly byte[] Zip = [(byte)'P', (byte)'K', 3, 4];

    /// <summary>The number with which torch.save began its files before PyTorch 1.6, pickled, and the end of its pickle.</summary>
    private static readonly byte[] Magic = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>Tells the layouts apart.</summary>
    /// <returns>Where the magic number of the layout before PyTorch 1.6 ends; null for a zip archive.</returns>
    /// <exception cref="PersistenceException">It is neither.</exception>
    public static int? FindLegacyStart(Stream stream, FileErrors errors)
    {
        var buffer = new byte[TarMark + 5];
        stream.Position = 0;
        int count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        ReadOnlySpan<byte> start = buffer.AsSpan(0, count);
        if (start.StartsWith(Zip))
            return null;
        if (FindEndOfMagic(start) is { } end)
            return end;
        if (count == buffer.Length && start[TarMark..].SequenceEqual("ustar"u8))
            throw errors.Create(
                FileCodes.LegacyFile,
                "it is a tar archive, as torch.save wrote before PyTorch 0.2. Load it in PyTorch and save it again with torch.save(value, path)."
            );
        throw errors.Create(FileCodes.NotAnArchive, $"it is not a file as torch.save writes it: {Found(start)}.");
    }

    /// <summary>The number follows the protocol, and the head of a frame from protocol 4 on.</summary>
    private static int? FindEndOfMagic(ReadOnlySpan<byte> start)
    {
        if (start.Length < 2 || start[0] != Pickling.PickleOpcode.Proto)
            return null;
        int at = start.Length > 2 && start[2] == Pickling.PickleOpcode.Frame ? 11 : 2;
        return start.Length > at && start[at..].StartsWith(Magic) ? at + Magic.Length : null;
    }

    private static string Found(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
            return "it is empty; copy or download it again";
        string bytes = Convert.ToHexString(start[..Math.Min(8, start.Length)]);
        if (start.Length > 9 && start[8] == '{')
            return $"it starts like a .safetensors file ({bytes}); give it that extension";
        if (start[0] == Pickling.PickleOpcode.Proto)
            return $"it is a bare pickle ({bytes}); save it with torch.save instead of pickle.dump";
        return $"it starts with the bytes {bytes}; if it comes from TorchSharp's Module.save, save with StateDictFile.Save instead";
    }
}
