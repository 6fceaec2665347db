using System.IO.Compression;

namespace Speedup.Core.Persistence.Pth;

/// <summary>The records of a .pth file: checked names, sizes, expansion, and checksums of all that is read.</summary>
internal sealed class PthArchive : IDisposable
{
    private readonly ZipArchive zip;
    private readonly Dictionary<string, ZipArchiveEntry> records = new(StringComparer.Ordinal);
    private readonly FileLimits limits;
    private readonly FileErrors errors;

    private PthArchive(ZipArchive zip, FileLimits limits, FileErrors errors)
    {
        this.zip = zip;
        this.limits = limits;
        this.errors = errors;
    }

    /// <summary>Bytes of all records together, inflated.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Opens the archive and checks its layout.</summary>
    public static PthArchive Open(Stream stream, FileLimits limits, FileErrors errors)
    {
        PthSignature.Check(stream, errors);
        var zip = Guard(() => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true), errors);
        try
        {
            var archive = new PthArchive(zip, limits, errors);
            Guard(
                () =>
                {
                    archive.Index();
                    archive.CheckSizes(stream.Length);
                    return true;
                },
                errors
            );
            return archive;
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    public bool Contains(string record) => records.ContainsKey(record);

    /// <summary>Inflated bytes of a record, or null where there is none of that name.</summary>
    public long? LengthOf(string record) => records.GetValueOrDefault(record)?.Length;

    /// <summary>Reads a whole record of at most <paramref name="limit"/> bytes.</summary>
    public byte[] ReadAll(string record, long limit)
    {
        long length = LengthOf(record) ?? throw errors.Create(FileCodes.ArchiveLayout, $"record '{record}' is missing. {Advice}");
        if (length > limit)
            throw errors.Limit($"record '{record}' has {length} bytes; {limit} are the most that is read");
        var bytes = new byte[length];
        Read(record, expectBools: false, stream => stream.ReadExactly(bytes));
        return bytes;
    }

    /// <summary>Lets a reader take all bytes of an existing record, then checks that they were all, and their checksum.</summary>
    public void Read(string record, bool expectBools, Action<Stream> read)
    {
        ZipArchiveEntry entry = records[record];
        Guard(
            () =>
            {
                using Stream raw = entry.Open();
                using var stream = new CheckedReadStream(raw) { ExpectBools = expectBools };
                read(stream);
                if (raw.ReadByte() >= 0)
                    throw errors.Create(FileCodes.NotAnArchive, $"record '{record}' is longer than the archive says. {Advice}");
                if (stream.Crc != entry.Crc32)
                    throw errors.Create(
                        FileCodes.Checksum,
                        $"record '{record}' has checksum {stream.Crc:x8}, the archive says {entry.Crc32:x8}. {Advice}"
                    );
                if (stream.WrongBool is { } value)
                    throw errors.Create(FileCodes.BadStorage, $"record '{record}' holds bools, but also the byte {value}. {Advice}");
                return true;
            },
            errors
        );
    }

    public void Dispose() => zip.Dispose();

    private const string Advice = "The file is damaged; copy or download it again.";

    private void Index()
    {
        if (zip.Entries.Count == 0)
            throw errors.Create(FileCodes.ArchiveLayout, $"the archive is empty. {Advice}");
        if (zip.Entries.Count > limits.ArchiveEntries)
            throw errors.Limit($"the archive has {zip.Entries.Count} records; {limits.ArchiveEntries} are the most that is read");
        string root = zip.Entries[0].FullName.Split('/')[0] + "/";
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            if (!entry.FullName.StartsWith(root, StringComparison.Ordinal))
                throw errors.Create(
                    FileCodes.ArchiveLayout,
                    $"record '{Quoted.Text(entry.FullName)}' lies outside the folder '{Quoted.Text(root)}'. torch.save writes one folder; save the file again."
                );
            if (!records.TryAdd(entry.FullName[root.Length..], entry))
                throw errors.Create(
                    FileCodes.ArchiveLayout,
                    $"the archive has two records '{Quoted.Text(entry.FullName)}'. Do not trust this file."
                );
        }
    }

    private void CheckSizes(long fileLength)
    {
        long packed = 0;
        foreach (ZipArchiveEntry entry in records.Values)
        {
            if (entry.CompressedLength < 0 || entry.Length < 0 || (packed += entry.CompressedLength) > fileLength)
                throw errors.Create(
                    FileCodes.NotAnArchive,
                    $"its records together are longer than the file ({fileLength} bytes). {Advice}"
                );
            if (entry.Length > limits.FreeExpansion && entry.Length / limits.Ratio > entry.CompressedLength)
                throw errors.Limit(
                    $"record '{Quoted.Text(entry.FullName)}' inflates from {entry.CompressedLength} to {entry.Length} bytes, more than {limits.Ratio} to 1"
                );
            TotalBytes += entry.Length;
            if (TotalBytes > fileLength + limits.Expansion)
                throw errors.Limit($"the archive of {fileLength} bytes inflates to {TotalBytes} bytes or more");
        }
    }

    private static T Guard<T>(Func<T> read, FileErrors errors)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            throw errors.Create(FileCodes.NotAnArchive, $"it is not a whole zip archive ({fault.Message}). {Advice}", fault);
        }
    }
}
