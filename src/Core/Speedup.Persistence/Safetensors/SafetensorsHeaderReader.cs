using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;
using Speedup.Persistence.Masks;

namespace Speedup.Persistence.Safetensors;

/// <summary>Reads and checks the header: its length, its JSON, and that the tensors fill the rest of the file exactly.</summary>
internal sealed class SafetensorsHeaderReader(Stream stream, FileLimits limits, LoadBudget budget, FileErrors errors)
{
    private const int LengthBytes = 8;
    private const string Advice = SafetensorsJson.Advice;

    public SafetensorsHeader Read()
    {
        byte[] json = ReadJson();
        long dataStart = LengthBytes + json.Length;
        (List<SafetensorsEntry> entries, Dictionary<string, string> metadata) = Parse(json);
        entries.Sort((left, right) => left.Begin != right.Begin ? left.Begin.CompareTo(right.Begin) : left.End.CompareTo(right.End));
        long end = CheckOffsets(entries);
        if (dataStart + (Int128)end != stream.Length)
            throw errors.Create(
                FileCodes.WrongFileLength,
                $"its header describes {end} bytes of tensors, {stream.Length - dataStart} follow it. {Advice}"
            );
        foreach (SafetensorsEntry entry in entries)
            if (entry.Type.Type is null)
                throw errors.Create(
                    FileCodes.UnsupportedType,
                    $"tensor '{Quoted.Text(entry.Name)}' has type {entry.Type.Name}, which TorchSharp does not have. Convert it before saving."
                );
        return new SafetensorsHeader(entries, metadata, dataStart);
    }

    private byte[] ReadJson()
    {
        if (stream.Length < LengthBytes)
            throw errors.Create(FileCodes.HeaderLength, $"it has {stream.Length} bytes, too few for a header. {Advice}");
        Span<byte> prefix = stackalloc byte[LengthBytes];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)limits.HeaderBytes || length > (ulong)(stream.Length - LengthBytes))
            throw errors.Create(FileCodes.HeaderLength, $"it claims a header of {length} bytes. {Hint(prefix)}{Advice}");
        budget.Charge(LoadBudget.ArrayOf(0) + (long)length);
        var json = new byte[length];
        stream.ReadExactly(json);
        return json;
    }

    private string Hint(ReadOnlySpan<byte> prefix) =>
        prefix.StartsWith("PK"u8)
            ? "It starts like a zip; if it comes from torch.save, give it the extension .pth. "
            : $"At most {limits.HeaderBytes}, and no more than the file has ({stream.Length}), are read. ";

    private (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(byte[] json)
    {
        if (!Utf8.IsValid(json))
            throw Bad("it is not UTF-8");
        try
        {
            var header = new SafetensorsJson(json, budget, errors);
            header.Read();
            return (header.Entries, header.Metadata);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw Bad(Quoted.Text(fault.Message), fault);
        }
    }

    private long CheckOffsets(List<SafetensorsEntry> entries)
    {
        long position = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != position || entry.End < entry.Begin)
                throw errors.Create(
                    FileCodes.BadOffsets,
                    $"tensor '{Quoted.Text(entry.Name)}' lies at [{entry.Begin}, {entry.End}], but the one before it ends at {position}: a hole or an overlap. {Advice}"
                );
            if (BytesOf(entry) is not { } bytes || bytes != entry.End - entry.Begin)
                throw errors.Create(
                    FileCodes.BadOffsets,
                    $"tensor '{Quoted.Text(entry.Name)}' ({entry.Type.Name}, shape [{string.Join(", ", entry.Shape)}]) does not take the "
                        + $"{entry.End - entry.Begin} bytes of [{entry.Begin}, {entry.End}]. {Advice}"
                );
            position = entry.End;
        }
        return position;
    }

    /// <summary>The bytes a tensor takes, or null where that overflows (also beside an axis of size zero) or is no whole number.</summary>
    private static long? BytesOf(SafetensorsEntry entry)
    {
        Int128 bits = entry.Type.Bits;
        foreach (long size in entry.Shape)
        {
            bits *= Math.Max(size, 1);
            if (bits > long.MaxValue)
                return null;
        }
        if (Array.IndexOf(entry.Shape, 0) >= 0)
            return 0;
        return bits % 8 == 0 ? (long)(bits / 8) : null;
    }

    private PersistenceException Bad(string found, Exception? inner = null) =>
        errors.Create(FileCodes.BadHeader, $"its header cannot be used: {found}. {Advice}", inner);
}
