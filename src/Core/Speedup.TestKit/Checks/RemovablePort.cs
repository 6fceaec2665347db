using Speedup.Abstractions;
using Speedup.TestKit.Networks;

namespace Speedup.TestKit.Checks;

/// <summary>The channels at one input or output of the subject that could go.</summary>
/// <param name="IsInput">Whether it is an input.</param>
/// <param name="Position">Its position.</param>
/// <param name="Axis">The axis of the channels.</param>
/// <param name="Indices">Those that could go.</param>
/// <param name="Count">How many of them at once: one, or one block, stays where all could.</param>
internal sealed record RemovablePort(bool IsInput, int Position, int Axis, IReadOnlyList<int> Indices, int Count)
{
    /// <summary>The axis, as handlers name it.</summary>
    public AxisRef Reference => IsInput ? AxisRef.OfInput(Position, Axis) : AxisRef.OfOutput(Position, Axis);

    /// <summary>How many of its channels went.</summary>
    public int CountRemoved(HostNetwork masked, HostNetwork small) =>
        IsInput
            ? (int)((masked.Sources[Position]?.OutChannels ?? 0) - (small.Sources[Position]?.OutChannels ?? 0))
            : (int)((masked.Sinks[Position]?.InChannels ?? 0) - (small.Sinks[Position]?.InChannels ?? 0));

    /// <inheritdoc/>
    public override string ToString() =>
        $"indices {string.Join(' ', Indices)} of axis {Axis} of {(IsInput ? "input" : "output")} {Position}";
}
