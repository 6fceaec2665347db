using System.Buffers.Binary;
using System.Text;

namespace Speedup.Persistence.Pth;

/// <summary>
/// Writes a zip of stored (uncompressed) records, the data of each aligned to 64 bytes as torch.save does it, so that PyTorch can map it.
/// Times are zero, so that equal content gives equal bytes. Records, archives and counts beyond the classic limits use zip64.
/// </summary>
/// <param name="stream">Seekable, at its start.</param>
/// <param name="classicLimit">Where zip64 begins; lower only in tests.</param>
internal sealed class StoredZipWriter(Stream stream, long classicLimit = uint.MaxValue)
{
    private const int Alignment = 64;
    private const ushort Utf8Names = 0x0800;
    private const ushort Padding = 0x4246;
    private readonly List<Record> _records = [];

    private sealed record Record(byte[] Name, long Offset, long Length, uint Crc);

    /// <summary>Adds a record; <paramref name="write"/> must write exactly <paramref name="length"/> bytes.</summary>
    public void Add(string name, long length, Action<Stream> write)
    {
        long offset = stream.Position;
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        WriteLocalHeader(utf8, length);
        var counted = new CrcWriteStream(stream);
        write(counted);
        if (counted.Count != length)
            throw new InvalidOperationException($"Record '{name}' got {counted.Count} bytes instead of {length}.");
        long end = stream.Position;
        stream.Position = offset + 14;
        WriteNumbers([counted.Crc], 4);
        stream.Position = end;
        _records.Add(new Record(utf8, offset, length, counted.Crc));
    }

    /// <summary>Writes the directory at the end.</summary>
    public void Finish()
    {
        long start = stream.Position;
        foreach (Record record in _records)
            WriteDirectoryEntry(record);
        long length = stream.Position - start;
        bool large = start >= classicLimit || length >= classicLimit || _records.Count >= ushort.MaxValue;
        if (large)
            WriteZip64End(start, length);
        WriteNumbers([0x06054b50], 4);
        long count = large ? ushort.MaxValue : _records.Count;
        WriteNumbers([0, 0, count, count], 2);
        WriteNumbers([large ? uint.MaxValue : length, large ? uint.MaxValue : start], 4);
        WriteNumbers([0], 2);
    }

    private void WriteLocalHeader(byte[] name, long length)
    {
        bool large = length >= classicLimit;
        int sizes = large ? 20 : 0;
        long data = stream.Position + 30 + name.Length + sizes + 4;
        int fill = (int)(-data & (Alignment - 1));
        WriteNumbers([0x04034b50], 4);
        WriteNumbers([large ? 45 : 20, Utf8Names, 0, 0, 0], 2);
        WriteNumbers([0, large ? uint.MaxValue : length, large ? uint.MaxValue : length], 4);
        WriteNumbers([name.Length, sizes + 4 + fill], 2);
        stream.Write(name);
        if (large)
        {
            WriteNumbers([1, 16], 2);
            WriteNumbers([length, length], 8);
        }
        WriteNumbers([Padding, fill], 2);
        stream.Write(Encoding.ASCII.GetBytes(new string('Z', fill)));
    }

    private void WriteDirectoryEntry(Record record)
    {
        bool large = record.Length >= classicLimit || record.Offset >= classicLimit;
        long length = large ? uint.MaxValue : record.Length;
        WriteNumbers([0x02014b50], 4);
        WriteNumbers([large ? 45 : 20, large ? 45 : 20, Utf8Names, 0, 0, 0], 2);
        WriteNumbers([record.Crc, length, length], 4);
        WriteNumbers([record.Name.Length, large ? 28 : 0, 0, 0, 0], 2);
        WriteNumbers([0, large ? uint.MaxValue : record.Offset], 4);
        stream.Write(record.Name);
        if (!large)
            return;
        WriteNumbers([1, 24], 2);
        WriteNumbers([record.Length, record.Length, record.Offset], 8);
    }

    private void WriteZip64End(long start, long length)
    {
        long position = stream.Position;
        WriteNumbers([0x06064b50], 4);
        WriteNumbers([44], 8);
        WriteNumbers([45, 45], 2);
        WriteNumbers([0, 0], 4);
        WriteNumbers([_records.Count, _records.Count, length, start], 8);
        WriteNumbers([0x07064b50, 0], 4);
        WriteNumbers([position], 8);
        WriteNumbers([1], 4);
    }

    private void WriteNumbers(ReadOnlySpan<long> numbers, int width)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (long number in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            stream.Write(bytes[..width]);
        }
    }
}
