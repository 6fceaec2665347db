using System.Buffers.Binary;
using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>Reads the state of the global random generator.</summary>
internal static class RandomState
{
    /// <summary>Numbers in the state of a Mersenne twister.</summary>
    private const int Numbers = 624;

    /// <summary>
    /// The state; null while other threads draw from the generator, when it is theirs. It is not read in one piece, and putting back one
    /// that is not valid ends the process: only what two readings agree on is put back, and what the native library will accept. A thread
    /// that was stopped in the middle of drawing makes two readings agree on what it will not.
    /// </summary>
    /// <returns>It belongs to the caller.</returns>
    public static Tensor? Read()
    {
        using var scope = NewDisposeScope();
        Tensor first = get_rng_state();
        Tensor second = get_rng_state();
        return first.Equals(second) && IsValid(second.bytes) ? second.DetachFromDisposeScope() : null;
    }

    /// <summary>Checks what ATen checks: seed (64 bits), numbers left (32), whether it is seeded (32), the next number (64), and then the numbers.</summary>
    public static bool IsValid(ReadOnlySpan<byte> state) =>
        state.Length > 24 + (Numbers * sizeof(ulong))
        && BinaryPrimitives.ReadInt32LittleEndian(state[8..]) is > 0 and <= Numbers
        && BinaryPrimitives.ReadInt32LittleEndian(state[12..]) == 1
        && BinaryPrimitives.ReadUInt64LittleEndian(state[16..]) <= Numbers;
}
