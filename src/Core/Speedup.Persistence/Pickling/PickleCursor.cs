using System.Buffers.Binary;
using System.Text;

namespace Speedup.Persistence.Pickling;

/// <summary>Reads the bytes of a pickle in order and never past their end.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="start">Where the first pickle begins.</param>
/// <param name="budget">What reading may cost.</param>
/// <param name="errors">Makes errors.</param>
internal sealed class PickleCursor(byte[] bytes, int start, LoadBudget budget, FileErrors errors)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Where the next byte is.</summary>
    public int Position { get; private set; } = start;

    public bool AtEnd => Position == bytes.Length;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>A number of up to eight bytes, two's complement, its length before it.</summary>
    public long ReadLong()
    {
        int length = ReadByte();
        if (length > 8)
            throw errors.BadPickle($"a number of {length} bytes at position {Position}; 8 are the most that is read");
        ReadOnlySpan<byte> digits = Take(length);
        long value = length > 0 && digits[^1] >= 0x80 ? -1 : 0;
        for (int i = length - 1; i >= 0; i--)
            value = (value << 8) | digits[i];
        return value;
    }

    /// <summary>A string with its length before it.</summary>
    public string ReadText() => ReadText(ReadUInt32());

    /// <summary>A string with its length in one byte before it.</summary>
    public string ReadShortText() => ReadText(ReadByte());

    /// <summary>A string with its length in eight bytes before it.</summary>
    public string ReadLongText() => ReadText(ReadUInt64());

    /// <summary>Passes the head of a frame, which must lie within the bytes; frames only say how to buffer.</summary>
    public void ReadFrame()
    {
        ulong length = ReadUInt64();
        if (length > (ulong)(bytes.Length - Position))
            throw Truncated(length);
    }

    /// <summary>A string up to the next line feed.</summary>
    public string ReadLine()
    {
        int length = bytes.AsSpan(Position).IndexOf((byte)'\n');
        if (length < 0)
            throw errors.BadPickle($"a name without an end at position {Position}");
        string line = Decode(Take(length));
        Position++;
        return line;
    }

    private ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    private string ReadText(ulong length) =>
        length > (ulong)(bytes.Length - Position) ? throw Truncated(length) : Decode(Take((int)length));

    private string Decode(ReadOnlySpan<byte> text)
    {
        budget.Charge(LoadBudget.Text(text.Length));
        try
        {
            return StrictUtf8.GetString(text);
        }
        catch (DecoderFallbackException fault)
        {
            throw errors.BadPickle($"a text before position {Position} that is not UTF-8 ({fault.Message})");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - Position)
            throw Truncated((ulong)count);
        ReadOnlySpan<byte> taken = bytes.AsSpan(Position, count);
        Position += count;
        return taken;
    }

    private PersistenceException Truncated(ulong count) =>
        errors.BadPickle($"it ends early: {count} bytes wanted at position {Position}, {bytes.Length - Position} left");
}
