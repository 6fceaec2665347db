using Speedup.Persistence.Masks;
using TorchSharp;
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
    /// <exception cref="PruningException">The widths are those of another model.</exception>
    public static MaskSet Make(
        nn.Module model,
        ModelWidths widths,
        IReadOnlySet<int> gone,
        MaskedMembers masked,
        IReadOnlySet<string>? targets = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(widths);
        ArgumentNullException.ThrowIfNull(gone);
        IEnumerable<GroupMember> members = gone.Order()
            .SelectMany(group => widths.Groups[group].Members)
            .Where(member => IsMasked(member, masked, targets));
        Dictionary<string, nn.Module> modules = MaskAddress.ModulesOf(model);
        using var noGradient = no_grad();
        var entries = new List<MaskEntry>();
        foreach (
            IGrouping<(string Path, string Name), GroupMember> parameter in members.GroupBy(member => (member.ModulePath, member.Parameter))
        )
        {
            Tensor mask = ones_like(Find(modules, parameter.Key.Path, parameter.Key.Name), ScalarType.Float32, requires_grad: false);
            entries.Add(new MaskEntry(parameter.Key.Path, parameter.Key.Name, mask));
            foreach (IGrouping<int, GroupMember> axis in parameter.GroupBy(member => member.Axis))
                ClearIndices(mask, axis.Key, [.. axis.SelectMany(member => member.Indices).Select(index => (long)index)]);
        }
        return new MaskSet(entries);
    }

    private static bool IsMasked(GroupMember member, MaskedMembers masked, IReadOnlySet<string>? targets) =>
        member.Role switch
        {
            MemberRole.Produces => true,
            MemberRole.Scales => masked == MaskedMembers.All || targets?.Contains(member.ModulePath) == true,
            _ => false,
        };

    private static Tensor Find(IReadOnlyDictionary<string, nn.Module> modules, string path, string name) =>
        (modules.TryGetValue(path, out nn.Module? module) ? MaskAddress.FindTensor(module, name) : null)
        ?? throw new PruningException(
            PruningCodes.OtherModel,
            $"The model has no '{name}' in '{path}', which its widths name. Ask IModelSpeedup.Groups for those of this model."
        );

    private static void ClearIndices(Tensor mask, int axis, long[] indices)
    {
        if (axis >= mask.dim() || Array.Exists(indices, index => index >= mask.shape[axis]))
            throw new PruningException(
                PruningCodes.OtherModel,
                $"A parameter of shape [{string.Join(", ", mask.shape)}] is not the one that the widths name: axis {axis} has no index {indices.Max()}. "
                    + "Ask IModelSpeedup.Groups for the widths of this model, as it is now."
            );
        using Tensor rows = tensor(indices, device: mask.device);
        using Scalar none = 0;
        mask.index_fill_(axis, rows, none);
    }
}
