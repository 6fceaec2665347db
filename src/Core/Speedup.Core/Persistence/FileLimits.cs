namespace Speedup.Core.Persistence;

/// <summary>What a file may ask for before it is refused; far above real use, low enough to stay harmless.</summary>
internal sealed record FileLimits
{
    public static readonly FileLimits Default = new();

    /// <summary>Bytes of <c>data.pkl</c>.</summary>
    public long PickleBytes { get; init; } = 64L << 20;

    /// <summary>Open marks, that is nesting depth.</summary>
    public int PickleDepth { get; init; } = 64;

    /// <summary>Values on the pickle stack.</summary>
    public int PickleStack { get; init; } = 1 << 20;

    /// <summary>Remembered values.</summary>
    public int PickleMemo { get; init; } = 1 << 22;

    /// <summary>Records in the archive.</summary>
    public int ArchiveEntries { get; init; } = 1 << 20;

    /// <summary>Deflated records above this many bytes must keep to <see cref="Ratio"/>.</summary>
    public long FreeExpansion { get; init; } = 64L << 20;

    /// <summary>Largest expansion of a large deflated record; torch.save itself never deflates.</summary>
    public long Ratio { get; init; } = 100;

    /// <summary>Bytes that a file may hold, after inflation, beyond its own length.</summary>
    public long Expansion { get; init; } = 4L << 30;

    /// <summary>How often the tensors of a file may, together, show its bytes again through shared or repeated views.</summary>
    public int ViewsPerByte { get; init; } = 16;

    /// <summary>Bytes of a safetensors header; the limit of the format itself.</summary>
    public long HeaderBytes { get; init; } = 100_000_000;
}
