using System.Buffers.Binary;
using System.IO.Compression;
using Speedup.Cli.Terminals;

namespace Speedup.Cli.Fashion;

/// <summary>
/// A file in the IDX format of LeCun's MNIST page: two zero bytes, the type (8: bytes), the number of axes, their lengths as big-endian 32-bit numbers, and the
/// entries; plain or in gzip.
/// </summary>
/// <param name="Lengths">Lengths of the axes.</param>
/// <param name="Entries">Entries, the last axis first.</param>
internal sealed record IdxFile(IReadOnlyList<int> Lengths, byte[] Entries)
{
    private const int ByteEntries = 8;
    private const int MostAxes = 4;

    /// <summary>More than MNIST and all that took its form have.</summary>
    private const long MostEntries = 1 << 28;

    /// <summary>Reads a file of bytes.</summary>
    /// <param name="path">The file, or that name without <c>.gz</c>.</param>
    /// <exception cref="UsageException">It is not there, damaged, or another format.</exception>
    public static IdxFile Read(string path)
    {
        string found = File.Exists(path) || !File.Exists(path + ".gz") ? path : path + ".gz";
        try
        {
            using FileStream file = File.OpenRead(found);
            using Stream content = found.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(file, CompressionMode.Decompress)
                : file;
            return Parse(content, found);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UsageException(
                $"'{found}' cannot be read as an IDX file: {fault.Message} Name a folder with the four files of Fashion-MNIST."
            );
        }
    }

    private static IdxFile Parse(Stream content, string path)
    {
        byte[] magic = Take(content, 4);
        if (magic[0] != 0 || magic[1] != 0 || magic[2] != ByteEntries || magic[3] is 0 or > MostAxes)
            throw new InvalidDataException($"It begins with {Convert.ToHexString(magic)}, and not as an IDX file of bytes does.");
        byte[] header = Take(content, 4 * magic[3]);
        int[] lengths = [.. Enumerable.Range(0, magic[3]).Select(axis => BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 * axis)))];
        long entries = 1;
        foreach (int length in lengths)
        {
            entries = length < 0 ? MostEntries + 1 : entries * length;
            if (entries > MostEntries)
                throw new InvalidDataException($"'{Path.GetFileName(path)}' claims [{string.Join(", ", lengths)}] entries.");
        }
        return new IdxFile(lengths, Take(content, (int)entries));
    }

    private static byte[] Take(Stream content, int count)
    {
        var bytes = new byte[count];
        content.ReadExactly(bytes);
        return bytes;
    }
}
