using Speedup.Persistence.Masks;

namespace Speedup.Persistence.Pth;

/// <summary>The records of a .pth file: checked names, places, sizes, and checksums of all that is read.</summary>
internal sealed class PthArchive
{
    private const string Advice = "The file is damaged; copy or download it again.";
    private readonly Dictionary<string, ZipRecord> _records = new(StringComparer.Ordinal);
    private readonly ZipDirectory _zip;
    private readonly LoadBudget _budget;
    private readonly FileErrors _errors;

    private PthArchive(ZipDirectory zip, LoadBudget budget, FileErrors errors)
    {
        _zip = zip;
        _budget = budget;
        _errors = errors;
    }

    /// <summary>Opens the archive and checks its layout.</summary>
    public static PthArchive Open(Stream stream, FileLimits limits, LoadBudget budget, FileErrors errors)
    {
        var archive = new PthArchive(new ZipDirectory(stream, limits, budget, errors), budget, errors);
        Guard(
            () =>
            {
                archive.Index();
                return true;
            },
            errors
        );
        return archive;
    }

    public bool Contains(string record) => _records.ContainsKey(record);

    /// <summary>Inflated bytes of a record, or null where there is none of that name.</summary>
    public long? LengthOf(string record) => _records.GetValueOrDefault(record)?.Length;

    /// <summary>Reads a whole record of at most <paramref name="limit"/> bytes.</summary>
    public byte[] ReadAll(string record, long limit)
    {
        long length = LengthOf(record) ?? throw _errors.Create(FileCodes.ArchiveLayout, $"record '{record}' is missing. {Advice}");
        if (length > limit)
            throw _errors.Limit($"record '{record}' has {length} bytes; {limit} are the most that is read");
        _budget.Charge(LoadBudget.ArrayOf(0) + length);
        var bytes = new byte[length];
        Read(record, expectBools: false, stream => stream.ReadExactly(bytes));
        return bytes;
    }

    /// <summary>Lets a reader take all bytes of an existing record, then checks that they were all, and their checksum.</summary>
    public void Read(string record, bool expectBools, Action<Stream> read)
    {
        ZipRecord entry = _records[record];
        Guard(
            () =>
            {
                using Stream raw = _zip.Open(entry);
                using var stream = new CheckedReadStream(raw) { ExpectBools = expectBools };
                read(stream);
                if (raw.ReadByte() >= 0)
                    throw _errors.Create(
                        FileCodes.NotAnArchive,
                        $"record '{Quoted.Text(record)}' is longer than the archive says. {Advice}"
                    );
                if (stream.Crc != entry.Crc)
                    throw _errors.Create(
                        FileCodes.Checksum,
                        $"record '{Quoted.Text(record)}' has checksum {stream.Crc:x8}, the archive says {entry.Crc:x8}. {Advice}"
                    );
                if (stream.WrongBool is { } value)
                    throw _errors.Create(
                        FileCodes.BadStorage,
                        $"record '{Quoted.Text(record)}' holds bools, but also the byte {value}. {Advice}"
                    );
                return true;
            },
            _errors
        );
    }

    private void Index()
    {
        List<ZipRecord> found = _zip.Read();
        if (found.Count == 0)
            throw _errors.Create(FileCodes.ArchiveLayout, $"the archive is empty. {Advice}");
        string root = found[0].Name.Split('/', 2)[0] + "/";
        foreach (ZipRecord entry in found)
        {
            if (!entry.Name.StartsWith(root, StringComparison.Ordinal))
                throw _errors.Create(
                    FileCodes.ArchiveLayout,
                    $"record '{Quoted.Text(entry.Name)}' lies outside the folder '{Quoted.Text(root)}'. torch.save writes one folder; save the file again."
                );
            _budget.Charge(LoadBudget.Hashed + LoadBudget.Text(entry.Name.Length - root.Length));
            if (!_records.TryAdd(entry.Name[root.Length..], entry))
                throw _errors.Create(
                    FileCodes.ArchiveLayout,
                    $"the archive has two records '{Quoted.Text(entry.Name)}'. Do not trust this file."
                );
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
