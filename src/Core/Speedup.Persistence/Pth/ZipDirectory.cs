using System.Buffers.Binary;
using System.Text;
using Speedup.Persistence.Masks;

namespace Speedup.Persistence.Pth;

/// <summary>
/// Reads the directory of a zip archive. .NET's ZipArchive makes objects of ten times its bytes, and lets records overlap, so that a small file
/// holds as many large ones as it likes.
/// </summary>
internal sealed class ZipDirectory(Stream stream, FileLimits limits, LoadBudget budget, FileErrors errors)
{
    private const string Advice = "The file is damaged; copy or download it again.";
    private const int HeaderLength = 46;
    private const int LocalHeaderLength = 30;
    private const int RecordBytes = 120;
    private readonly byte[] _header = new byte[HeaderLength];
    private byte[] _text = [];

    /// <summary>Reads all records, in the order of the directory, and checks that no two share a byte of the file.</summary>
    public List<ZipRecord> Read()
    {
        ZipDirectoryEnd end = ZipDirectoryEnd.Find(stream) ?? throw Damaged("its directory is not at its end");
        if (end.Count > limits.ArchiveEntries)
            throw errors.Limit($"the archive has {end.Count} records; {limits.ArchiveEntries} are the most that is read");
        if (end.Count * HeaderLength > end.Length)
            throw Damaged($"its directory of {end.Length} bytes has no room for {end.Count} records");
        stream.Position = end.Start;
        List<ZipRecord> records = [];
        for (long i = 0; i < end.Count; i++)
            records.Add(ReadRecord(end.Start + end.Length));
        CheckPlaces(records, end.Start);
        return records;
    }

    /// <summary>The bytes of a record, inflated.</summary>
    public Stream Open(ZipRecord record)
    {
        Span<byte> local = stackalloc byte[LocalHeaderLength];
        stream.Position = record.Offset;
        stream.ReadExactly(local);
        long start =
            record.Offset
            + LocalHeaderLength
            + BinaryPrimitives.ReadUInt16LittleEndian(local[26..])
            + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        if (!local.StartsWith("PK\u0003\u0004"u8) || record.Packed > record.End - start)
            throw Damaged($"record '{Quoted.Text(record.Name)}' is not where its directory says");
        var packed = new StreamSlice(stream, start, record.Packed);
        return record.IsDeflated
            ? new System.IO.Compression.DeflateStream(packed, System.IO.Compression.CompressionMode.Decompress)
            : packed;
    }

    private ZipRecord ReadRecord(long end)
    {
        if (end - stream.Position < HeaderLength)
            throw Damaged("its directory ends within a record");
        stream.ReadExactly(_header);
        int name = BinaryPrimitives.ReadUInt16LittleEndian(_header.AsSpan(28));
        int extra = BinaryPrimitives.ReadUInt16LittleEndian(_header.AsSpan(30));
        int comment = BinaryPrimitives.ReadUInt16LittleEndian(_header.AsSpan(32));
        if (!_header.AsSpan().StartsWith("PK\u0001\u0002"u8) || name + extra + comment > end - stream.Position)
            throw Damaged("its directory is not one of records");
        if (_text.Length < name + extra)
            _text = new byte[2 * (ushort.MaxValue + 1)];
        stream.ReadExactly(_text, 0, name + extra);
        stream.Seek(comment, SeekOrigin.Current);
        budget.Charge(RecordBytes + LoadBudget.Text(name));
        return Describe(Encoding.UTF8.GetString(_text, 0, name), _text.AsSpan(name, extra));
    }

    private ZipRecord Describe(string name, ReadOnlySpan<byte> extra)
    {
        ReadOnlySpan<byte> fields = _header;
        int method = BinaryPrimitives.ReadUInt16LittleEndian(fields[10..]);
        bool isEncrypted = (BinaryPrimitives.ReadUInt16LittleEndian(fields[8..]) & 1) != 0;
        if (isEncrypted || method is not (0 or 8))
            throw Damaged(
                $"record '{Quoted.Text(name)}' is {(isEncrypted ? "encrypted" : $"packed by method {method}")}, which is not read"
            );
        ReadOnlySpan<byte> large = LargeNumbers(extra);
        long length = Number(fields[24..], ref large);
        long packed = Number(fields[20..], ref large);
        long offset = Number(fields[42..], ref large);
        if (length < 0 || packed < 0 || offset < 0 || (method == 0 && length != packed))
            throw Damaged($"record '{Quoted.Text(name)}' has sizes that cannot be");
        return new ZipRecord(name, offset, packed, length, BinaryPrimitives.ReadUInt32LittleEndian(fields[16..]), method == 8);
    }

    /// <summary>The numbers of eight bytes for those that have no room in four (extra field 1).</summary>
    private static ReadOnlySpan<byte> LargeNumbers(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int kind = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            if (kind == 1)
                return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }
        return [];
    }

    private static long Number(ReadOnlySpan<byte> field, ref ReadOnlySpan<byte> large)
    {
        uint small = BinaryPrimitives.ReadUInt32LittleEndian(field);
        if (small != uint.MaxValue || large.Length < 8)
            return small;
        long number = BinaryPrimitives.ReadInt64LittleEndian(large);
        large = large[8..];
        return number;
    }

    private void CheckPlaces(List<ZipRecord> records, long end)
    {
        ZipRecord[] ordered = [.. records];
        Array.Sort(ordered, (left, right) => right.Offset.CompareTo(left.Offset));
        foreach (ZipRecord record in ordered)
        {
            if (record.Packed > end - record.Offset - LocalHeaderLength)
                throw Damaged($"record '{Quoted.Text(record.Name)}' reaches into what follows it");
            record.End = end;
            end = record.Offset;
        }
    }

    private PersistenceException Damaged(string found) =>
        errors.Create(FileCodes.NotAnArchive, $"it is not a whole zip archive: {found}. {Advice}");
}
