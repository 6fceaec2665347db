namespace Speedup.Pruning.Abstractions;

/// <summary>Indices of parameters that are removed together or not at all.</summary>
/// <param name="Id">Position in <see cref="ModelWidths.Groups"/>.</param>
/// <param name="Width">Position of its width in <see cref="ModelWidths.Widths"/>.</param>
/// <param name="Block">The block of its width that it belongs to, from 0; see <see cref="ModelWidth.Blocks"/>.</param>
/// <param name="Members">The indices by parameter.</param>
/// <param name="Parameters">Entries of parameters that go if this group goes from the whole model, and no other.</param>
/// <param name="Macs">Multiply-accumulates on the example input that go if this group goes, and no other.</param>
/// <param name="Obstacle">Why it cannot go; null if it can.</param>
public sealed record ChannelGroup(
    int Id,
    int Width,
    int Block,
    IReadOnlyList<GroupMember> Members,
    long Parameters,
    long Macs,
    GroupObstacle? Obstacle
)
{
    /// <summary>Whether the engine removes it once the members that produce or scale it are masked, its constants included.</summary>
    public bool CanGo => Obstacle is null;
}
