namespace Speedup.Persistence.Pth;

/// <summary>A record as the directory of the archive describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Where its local header is.</param>
/// <param name="Packed">Bytes in the file.</param>
/// <param name="Length">Bytes when inflated.</param>
/// <param name="Crc">CRC-32 of these.</param>
/// <param name="IsDeflated">Whether they are deflated; otherwise they are stored.</param>
internal sealed record ZipRecord(string Name, long Offset, long Packed, long Length, uint Crc, bool IsDeflated)
{
    /// <summary>Where the next record, or the directory, begins.</summary>
    public long End { get; set; }
}
