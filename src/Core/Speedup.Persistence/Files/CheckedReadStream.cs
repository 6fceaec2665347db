using System.IO.Hashing;

namespace Speedup.Persistence;

/// <summary>
/// Reads through to another stream and looks at each byte on the way: its CRC-32, and whether a bool tensor holds anything but 0 and 1
/// (native code takes other values for undefined).
/// </summary>
internal sealed class CheckedReadStream(Stream inner) : ForwardStream
{
    private readonly Crc32 _crc = new();

    /// <summary>Whether the bytes are those of a bool tensor.</summary>
    public bool ExpectBools { get; init; }

    /// <summary>The first byte seen that is no bool.</summary>
    public byte? WrongBool { get; private set; }

    /// <summary>CRC-32 of what was read so far.</summary>
    public uint Crc => _crc.GetCurrentHashAsUInt32();

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        Inspect(buffer[..count]);
        return count;
    }

    private void Inspect(ReadOnlySpan<byte> bytes)
    {
        _crc.Append(bytes);
        if (!ExpectBools || WrongBool is not null)
            return;
        int index = bytes.IndexOfAnyExceptInRange((byte)0, (byte)1);
        if (index >= 0)
            WrongBool = bytes[index];
    }
}
