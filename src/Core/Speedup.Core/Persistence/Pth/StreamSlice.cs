namespace Speedup.Core.Persistence.Pth;

/// <summary>Reads a part of another stream, from its start; nothing else reads that stream meanwhile.</summary>
internal sealed class StreamSlice : Stream
{
    private readonly Stream inner;
    private long left;

    /// <summary>Takes so many bytes from there on.</summary>
    public StreamSlice(Stream inner, long start, long length)
    {
        this.inner = inner;
        inner.Position = start;
        left = length;
    }

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
        int count = inner.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
        left -= count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
