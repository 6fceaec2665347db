using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>What a tensor held when it was saved: a checksum to know it by, and where its bytes are.</summary>
/// <param name="Owner">The tensor.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Checksum">A checksum of 128 bits of its bytes.</param>
/// <param name="Length">How many bytes there are.</param>
internal sealed record StoredTensor(Tensor Owner, IReadOnlyList<long> Shape, ScalarType Type, UInt128 Checksum, long Length)
{
    /// <summary>The bytes, where they are few, or the disk took no more; else they are in the store's file.</summary>
    public byte[]? Bytes { get; set; }

    /// <summary>Where in the store's file they begin.</summary>
    public long Offset { get; set; }

    /// <summary>How many snapshots rely on it.</summary>
    public int Uses { get; set; } = 1;
}
