using System.IO.Hashing;

namespace Speedup.Core.Persistence;

/// <summary>
/// Reads through to another stream and looks at each byte on the way: its CRC-32, and whether a bool tensor holds anything but 0 and 1
/// (native code takes other values for undefined).
/// </summary>
internal sealed class CheckedReadStream(Stream inner) : Stream
{
    private readonly Crc32 crc = new();

    /// <summary>Whether the bytes are those of a bool tensor.</summary>
    public bool ExpectBools { get; init; }

    /// <summary>The first byte seen that is no bool.</summary>
    public byte? WrongBool { get; private set; }

    /// <summary>CRC-32 of what was read so far.</summary>
    public uint Crc => crc.GetCurrentHashAsUInt32();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        Inspect(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Inspect(ReadOnlySpan<byte> bytes)
    {
        crc.Append(bytes);
        if (!ExpectBools || WrongBool is not null)
            return;
        int index = bytes.IndexOfAnyExceptInRange((byte)0, (byte)1);
        if (index >= 0)
            WrongBool = bytes[index];
    }
}
