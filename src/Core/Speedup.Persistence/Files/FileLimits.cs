namespace Speedup.Persistence;

/// <summary>What a file may ask for before it is refused; far above real use, low enough to stay harmless.</summary>
internal sealed record FileLimits
{
    public static readonly FileLimits Default = new();

    /// <summary>Memory that reading may take for each byte of the file.</summary>
    public int MemoryPerByte { get; init; } = 8;

    /// <summary>Memory that reading any file may take, however small it is.</summary>
    public long FreeMemory { get; init; } = 16L << 20;

    /// <summary>Bytes of <c>data.pkl</c>.</summary>
    public long PickleBytes { get; init; } = 64L << 20;

    /// <summary>Open marks, that is nesting depth.</summary>
    public int PickleDepth { get; init; } = 64;

    /// <summary>Records in the archive.</summary>
    public int ArchiveEntries { get; init; } = 1 << 20;

    /// <summary>Bytes of a safetensors header; the limit of the format itself.</summary>
    public long HeaderBytes { get; init; } = 100_000_000;
}
