using Speedup.Abstractions;

namespace Speedup.Plugins.Shape;

/// <summary>Adapts a recorded shape to what is left of the output.</summary>
internal static class KeptLengths
{
    /// <summary>The recorded sizes with the kept lengths in place of numbers; -1 ("whatever is left") stays.</summary>
    /// <param name="replacement">What is left.</param>
    /// <param name="recorded">Sizes of some consecutive axes of the output.</param>
    /// <param name="firstAxis">The first of these axes.</param>
    public static long[] Of(IReplacement replacement, IReadOnlyList<long> recorded, int firstAxis) =>
        [.. recorded.Select((size, k) => size == -1 ? -1 : replacement.Kept(AxisRef.OfOutput(0, firstAxis + k)).Count)];

    /// <summary>One new argument if it differs from the recorded one.</summary>
    public static IReadOnlyDictionary<string, object?> AsArgument(string name, IReadOnlyList<long> recorded, long[] kept) =>
        recorded.SequenceEqual(kept) ? new Dictionary<string, object?>() : new Dictionary<string, object?> { [name] = kept };
}
