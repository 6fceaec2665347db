namespace Speedup.Core.Persistence.Pth;

/// <summary>Reads a part of another stream, from its start; nothing else reads that stream meanwhile.</summary>
internal sealed class StreamSlice : ForwardStream
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

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
        left -= count;
        return count;
    }
}
