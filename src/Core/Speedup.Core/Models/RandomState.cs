using static TorchSharp.torch;

namespace Speedup.Core.Models;

/// <summary>Reads the state of the global random generator.</summary>
internal static class RandomState
{
    /// <summary>
    /// The state; null while other threads draw from the generator, when it is theirs. It is not read in one piece, and putting back half
    /// of one state and half of another ends the process: only what two readings agree on is put back. It belongs to the caller.
    /// </summary>
    public static Tensor? Read()
    {
        using var scope = NewDisposeScope();
        Tensor first = get_rng_state();
        Tensor second = get_rng_state();
        return first.Equals(second) ? second.DetachFromDisposeScope() : null;
    }
}
