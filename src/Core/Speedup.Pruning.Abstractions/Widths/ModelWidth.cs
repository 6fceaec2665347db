namespace Speedup.Pruning.Abstractions;

/// <summary>
/// A number of channels that can be chosen by itself, which a network search calls a width: groups that have their places on the same axes.
/// The channels of a residual stream are one width, whatever the number of layers that add to it.
/// </summary>
/// <param name="Id">Position in <see cref="ModelWidths.Widths"/>.</param>
/// <param name="Groups">The groups, in the order of the channels.</param>
/// <param name="Blocks">
/// Groups must go in equal numbers from each of so many blocks (<see cref="ChannelGroup.Block"/>), as grouped convolutions demand; 1 where any
/// number may go.
/// </param>
/// <param name="Layers">Paths of the modules that produce the channels, in the order of their first calls.</param>
/// <param name="Scales">Paths of the modules that scale or shift each channel by itself: BatchNorm, depthwise convolutions.</param>
public sealed record ModelWidth(
    int Id,
    IReadOnlyList<ChannelGroup> Groups,
    int Blocks,
    IReadOnlyList<string> Layers,
    IReadOnlyList<string> Scales
)
{
    /// <summary>Number of groups.</summary>
    public int Length => Groups.Count;

    /// <summary>Whether any group can go.</summary>
    public bool CanShrink => Groups.Any(group => group.CanGo);
}
