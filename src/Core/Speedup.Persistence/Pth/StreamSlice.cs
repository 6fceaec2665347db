namespace Speedup.Persistence.Pth;

/// <summary>Reads a part of another stream, from its start; nothing else reads that stream meanwhile.</summary>
internal sealed class StreamSlice : ForwardStream
{
    private readonly Stream _inner;
    private long _left;

    /// <summary>Takes so many bytes from there on.</summary>
    public StreamSlice(Stream inner, long start, long length)
    {
        _inner = inner;
        inner.Position = start;
        _left = length;
    }

    public override int Read(Span<byte> buffer)
    {
        int count = _inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= count;
        return count;
    }
}
