using System.Buffers.Binary;
using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>
/// Reads the state of the process's random generator, and puts it back where something has drawn that the user did not ask for.
/// </summary>
public static class GeneratorState
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

    /// <summary>
    /// Makes a module whose constructor draws first weights, which nobody needs, and puts the generator back. Only for modules that draw
    /// (<c>nn.Embedding</c>, <c>nn.LSTM</c>): what another thread draws in the meantime is drawn again. Those that can be made on
    /// <c>META</c>, or around their parameters, do not draw.
    /// </summary>
    /// <param name="create">Makes it.</param>
    public static T Keep<T>(Func<T> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        using Tensor? before = Read();
        T made = create();
        if (before is not null)
            set_rng_state(before);
        return made;
    }

    /// <summary>Checks what ATen checks: seed (64 bits), numbers left (32), whether it is seeded (32), the next number (64), and then the numbers.</summary>
    /// <param name="state">The bytes of a state.</param>
    public static bool IsValid(ReadOnlySpan<byte> state) =>
        state.Length > 24 + (Numbers * sizeof(ulong))
        && BinaryPrimitives.ReadInt32LittleEndian(state[8..]) is > 0 and <= Numbers
        && BinaryPrimitives.ReadInt32LittleEndian(state[12..]) == 1
        && BinaryPrimitives.ReadUInt64LittleEndian(state[16..]) <= Numbers;
}
