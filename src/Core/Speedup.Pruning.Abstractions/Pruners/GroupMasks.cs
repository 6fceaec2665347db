using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>Masks of groups.</summary>
public static class GroupMasks
{
    /// <summary>Masks the members of groups that produce them, or that produce and scale them.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="widths">What goes together in it.</param>
    /// <param name="gone">The <see cref="ChannelGroup.Id"/> of each group that is to go.</param>
    /// <param name="masked">Which members are masked.</param>
    /// <param name="targets">Paths of modules whose own members are masked in any case, such as those of BatchNorm layers that were scored.</param>
    /// <returns>The masks; they belong to the caller.</returns>
    public static MaskSet Make(
        nn.Module model,
        ModelWidths widths,
        IReadOnlySet<int> gone,
        MaskedMembers masked,
        IReadOnlySet<string>? targets = null
    ) => throw new NotImplementedException();
}
