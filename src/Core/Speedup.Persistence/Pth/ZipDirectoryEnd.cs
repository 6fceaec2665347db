using System.Buffers.Binary;

namespace Speedup.Persistence.Pth;

/// <summary>Where the directory of a zip archive is, as the end of the file tells.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Count">Its records.</param>
internal readonly record struct ZipDirectoryEnd(long Start, long Length, long Count)
{
    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int LargeEndLength = 56;

    /// <summary>Finds the last end record of a file; zip64 takes its place where a number there has no room.</summary>
    public static ZipDirectoryEnd? Find(Stream stream)
    {
        var tail = new byte[Math.Min(stream.Length, EndLength + ushort.MaxValue)];
        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        int at = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (at < 0 || tail.Length - at < EndLength)
            return null;
        ReadOnlySpan<byte> end = tail.AsSpan(at);
        var small = new ZipDirectoryEnd(
            BinaryPrimitives.ReadUInt32LittleEndian(end[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(end[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(end[10..])
        );
        bool isLarge = small.Start == uint.MaxValue || small.Length == uint.MaxValue || small.Count == ushort.MaxValue;
        long position = stream.Length - tail.Length + at;
        ZipDirectoryEnd? found = isLarge ? FindLarge(stream, position) : small;
        return
            found is { Start: >= 0, Length: >= 0, Count: >= 0 } whole && whole.Length <= position && whole.Start <= position - whole.Length
            ? whole
            : null;
    }

    private static ZipDirectoryEnd? FindLarge(Stream stream, long end)
    {
        Span<byte> bytes = stackalloc byte[LargeEndLength];
        if (end < LocatorLength + LargeEndLength)
            return null;
        stream.Position = end - LocatorLength;
        stream.ReadExactly(bytes[..LocatorLength]);
        long at = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        if (!bytes.StartsWith("PK\u0006\u0007"u8) || at < 0 || at > end - LocatorLength - LargeEndLength)
            return null;
        stream.Position = at;
        stream.ReadExactly(bytes);
        if (!bytes.StartsWith("PK\u0006\u0006"u8))
            return null;
        return new ZipDirectoryEnd(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..])
        );
    }
}
