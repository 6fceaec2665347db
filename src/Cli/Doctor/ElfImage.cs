using System.Buffers.Binary;
using System.Text;

namespace Speedup.Cli.Doctor;

/// <summary>
/// Reads the symbol versions of a 64-bit little-endian ELF file: those it needs (<c>.gnu.version_r</c>) and those it defines
/// (<c>.gnu.version_d</c>). The layout is that of the Linux Standard Base, "Symbol Versioning".
/// </summary>
internal sealed class ElfImage
{
    private const uint DefinitionSection = 0x6ffffffd;
    private const uint NeedSection = 0x6ffffffe;
    private const ushort WeakFlag = 2;
    private readonly byte[] _bytes;

    private ElfImage(byte[] bytes) => _bytes = bytes;

    /// <summary>The versions needed of other libraries.</summary>
    public IReadOnlyList<VersionNeed> Needs { get; private init; } = [];

    /// <summary>The versions that the file itself defines.</summary>
    public IReadOnlyList<string> Definitions { get; private init; } = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is not an ELF file of that kind, or it is damaged.</exception>
    public static ElfImage Read(string path)
    {
        var image = new ElfImage(File.ReadAllBytes(path));
        if (!image.HasElfHeader())
            throw new InvalidDataException($"'{path}' is not a 64-bit little-endian ELF file.");
        try
        {
            return new ElfImage(image._bytes)
            {
                Needs = [.. image.ReadSections(NeedSection, image.ReadNeeds)],
                Definitions = [.. image.ReadSections(DefinitionSection, image.ReadDefinitions)],
            };
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException($"'{path}' is damaged: its section tables point outside the file.", exception);
        }
    }

    private bool HasElfHeader() =>
        _bytes.Length >= 64 && _bytes.AsSpan(0, 4).SequenceEqual("\u007fELF"u8) && _bytes[4] == 2 && _bytes[5] == 1;

    private IEnumerable<T> ReadSections<T>(uint type, Func<long, long, IEnumerable<T>> read)
    {
        long headers = Int64(0x28);
        int size = UInt16(0x3A);
        int count = UInt16(0x3C);
        for (int i = 0; i < count; i++)
        {
            long header = headers + ((long)i * size);
            if (UInt32(header + 4) != type)
                continue;
            long strings = Int64(headers + (UInt32(header + 0x28) * (long)size) + 0x18);
            foreach (T item in read(Int64(header + 0x18), strings))
                yield return item;
        }
    }

    private IEnumerable<VersionNeed> ReadNeeds(long position, long strings)
    {
        foreach (long entry in Chain(position, nextField: 12))
        {
            string library = Text(strings + UInt32(entry + 4));
            int count = UInt16(entry + 2);
            foreach (long need in Chain(entry + UInt32(entry + 8), nextField: 12).Take(count))
                yield return new VersionNeed(library, Text(strings + UInt32(need + 8)), (UInt16(need + 4) & WeakFlag) != 0);
        }
    }

    private IEnumerable<string> ReadDefinitions(long position, long strings)
    {
        foreach (long entry in Chain(position, nextField: 16))
            yield return Text(strings + UInt32(entry + UInt32(entry + 12)));
    }

    /// <summary>Positions of records that are linked by their distance to the next one; a distance of 0 ends the chain.</summary>
    private IEnumerable<long> Chain(long position, int nextField)
    {
        while (true)
        {
            yield return position;
            uint distance = UInt32(position + nextField);
            if (distance == 0)
                yield break;
            position += distance;
        }
    }

    private ushort UInt16(long position) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(position, 2));

    private uint UInt32(long position) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(position, 4));

    private long Int64(long position) => BinaryPrimitives.ReadInt64LittleEndian(Slice(position, 8));

    private ReadOnlySpan<byte> Slice(long position, int length) => _bytes.AsSpan(checked((int)position), length);

    private string Text(long position)
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan(checked((int)position));
        int end = rest.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]);
    }
}
