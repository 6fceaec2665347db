using System.Buffers.Binary;
using Speedup.Persistence.Masks;
using Speedup.Persistence.Pickling;
using static TorchSharp.torch;

namespace Speedup.Persistence.Pth;

/// <summary>
/// A file of torch.save before PyTorch 1.6: pickles of a magic number, the version, facts about the machine, the value and the keys of its storages, then for
/// each key the number of elements and the raw bytes. It has no checksums.
/// </summary>
internal sealed class LegacyFile : IStorageSource
{
    private const long Version = 1001;
    private const int Count = 8;
    private readonly Dictionary<string, (long Start, long Bytes)> _places = new(StringComparer.Ordinal);
    private readonly Stream _stream;
    private readonly LoadBudget _budget;
    private readonly FileErrors _errors;

    private LegacyFile(Stream stream, LoadBudget budget, FileErrors errors)
    {
        _stream = stream;
        _budget = budget;
        _errors = errors;
    }

    /// <summary>Reads all but the storages.</summary>
    /// <param name="stream">The file, at any position.</param>
    /// <param name="start">Where the magic number ends.</param>
    /// <param name="limits">What is read at most.</param>
    /// <param name="budget">What reading may cost.</param>
    /// <param name="errors">Makes errors.</param>
    /// <returns>The value, and where its storages are.</returns>
    public static (object? Root, LegacyFile Storages) Open(
        Stream stream,
        int start,
        FileLimits limits,
        LoadBudget budget,
        FileErrors errors
    )
    {
        byte[] head = ReadHead(stream, limits, budget);
        var cursor = new PickleCursor(head, start, budget, errors);
        object? version = Next(cursor).Value;
        if (version is not Version)
            throw errors.Create(FileCodes.ArchiveLayout, $"its format version is not {Version}. Save it again with torch.save.");
        CheckMachine(Next(cursor).Value, budget, errors);
        (object? root, List<StorageRef> storages) = Next(cursor);
        var file = new LegacyFile(stream, budget, errors);
        file.Place(Next(cursor).Value, storages, cursor.Position);
        return (root, file);

        (object? Value, List<StorageRef> Storages) Next(PickleCursor at)
        {
            var reader = new PickleReader(at, limits, budget, errors);
            return (reader.Read(), reader.Storages);
        }
    }

    /// <inheritdoc/>
    public long? LengthOf(StorageRef storage) => _places.TryGetValue(storage.Key, out (long, long Bytes) place) ? place.Bytes : null;

    /// <inheritdoc/>
    public void Read(StorageRef storage, Action<Stream> read)
    {
        (long start, long bytes) = _places[storage.Key];
        using var slice = new StreamSlice(_stream, start, bytes);
        using var checkedStream = new CheckedReadStream(slice) { ExpectBools = storage.Type == ScalarType.Bool };
        read(checkedStream);
        if (checkedStream.WrongBool is { } value)
            throw _errors.Create(
                FileCodes.BadStorage,
                $"storage '{Quoted.Text(storage.Key)}' holds bools, but also the byte {value}. The file is damaged; copy or download it again."
            );
    }

    /// <summary>The pickles are at the front, and no longer than a pickle may be.</summary>
    private static byte[] ReadHead(Stream stream, FileLimits limits, LoadBudget budget)
    {
        long length = Math.Min(stream.Length, limits.PickleBytes);
        budget.Charge(LoadBudget.ArrayOf(0) + length);
        var head = new byte[length];
        stream.Position = 0;
        stream.ReadExactly(head);
        return head;
    }

    private static void CheckMachine(object? facts, LoadBudget budget, FileErrors errors)
    {
        if (facts is not PickleDict dict)
            throw errors.BadPickle("no facts about the machine where they belong");
        dict.CheckKeys(budget, errors);
        if (dict.Items.Any(entry => entry is { Key: "little_endian", Value: false }))
            throw errors.Create(FileCodes.ByteOrder, "it was written on a big-endian machine. Save it on a little-endian one.");
    }

    /// <summary>Follows the storages to the end of the file, where the last one must end.</summary>
    private void Place(object? keys, List<StorageRef> storages, long start)
    {
        if (keys is not PickleList { Items: var list } || list.Any(key => key is not string))
            throw _errors.BadPickle("no list of the storages' keys where it belongs");
        var known = new Dictionary<string, StorageRef>(StringComparer.Ordinal);
        foreach (StorageRef storage in storages)
        {
            _budget.Charge(LoadBudget.Hashed + LoadBudget.Text(storage.Key.Length));
            known.TryAdd(storage.Key, storage);
        }
        Span<byte> count = stackalloc byte[Count];
        foreach (string key in list.Cast<string>())
        {
            _budget.Charge(LoadBudget.Hashed + LoadBudget.Text(key.Length));
            if (!known.TryGetValue(key, out StorageRef? storage) || _places.ContainsKey(key))
                throw Damaged($"storage '{Quoted.Text(key)}' belongs to no tensor, or is there twice");
            if (_stream.Length - start < Count)
                throw Damaged($"it ends before storage '{Quoted.Text(key)}'");
            _stream.Position = start;
            _stream.ReadExactly(count);
            long elements = BinaryPrimitives.ReadInt64LittleEndian(count);
            long bytes = storage.Elements * TensorBytes.SizeOf(storage.Type)!.Value;
            if (elements != storage.Elements || bytes > _stream.Length - start - Count)
                throw Damaged(
                    $"storage '{Quoted.Text(key)}' should have {storage.Elements} elements, and there are {elements}, or fewer bytes"
                );
            _places.Add(key, (start + Count, bytes));
            start += Count + bytes;
        }
        if (start != _stream.Length)
            throw Damaged($"{_stream.Length - start} bytes follow the last storage");
    }

    private PersistenceException Damaged(string what) =>
        _errors.Create(FileCodes.BadStorage, $"{what}. The file is damaged; copy or download it again.");
}
