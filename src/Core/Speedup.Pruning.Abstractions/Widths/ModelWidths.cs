namespace Speedup.Pruning.Abstractions;

/// <summary>
/// Everything in a model that can be wide or narrow: which indices of which parameters go together, and what they cost. Plain values, made
/// by <c>IModelSpeedup.Groups</c>; a width that an input, an output or an unknown operator holds is listed, too, with the reason.
/// </summary>
public sealed class ModelWidths
{
    private readonly Dictionary<(string, string, int), Dictionary<int, ChannelGroup>> _members = [];
    private readonly ChannelGroup[] _groups;

    /// <summary>Puts widths together.</summary>
    /// <param name="widths">The widths; their groups are numbered from 0 without gaps, in this order.</param>
    /// <param name="costs">What the model costs, and how that depends on the groups.</param>
    public ModelWidths(IReadOnlyList<ModelWidth> widths, ModelCosts costs)
    {
        ArgumentNullException.ThrowIfNull(widths);
        ArgumentNullException.ThrowIfNull(costs);
        Widths = widths;
        Costs = costs;
        _groups = [.. widths.SelectMany(width => width.Groups)];
        foreach (ChannelGroup group in _groups)
        foreach (GroupMember member in group.Members)
        {
            (string, string, int) key = (member.ModulePath, member.Parameter, member.Axis);
            if (!_members.TryGetValue(key, out Dictionary<int, ChannelGroup>? byIndex))
                _members[key] = byIndex = [];
            foreach (int index in member.Indices)
                byIndex[index] = group;
        }
    }

    /// <summary>All widths, in the order in which the model first computes them.</summary>
    public IReadOnlyList<ModelWidth> Widths { get; }

    /// <summary>All groups of all widths; the position of a group is its <see cref="ChannelGroup.Id"/>.</summary>
    public IReadOnlyList<ChannelGroup> Groups => _groups;

    /// <summary>What the model costs, as long as all groups are there and without some of them.</summary>
    public ModelCosts Costs { get; }

    /// <summary>The group of an index of a parameter.</summary>
    /// <param name="modulePath">Dotted path of the module from the root.</param>
    /// <param name="parameter">Name of the parameter within the module.</param>
    /// <param name="axis">Axis of the parameter, from 0.</param>
    /// <param name="index">Index on the axis.</param>
    /// <returns>The group; null where the index goes with nothing.</returns>
    public ChannelGroup? Find(string modulePath, string parameter, int axis, int index) =>
        _members.TryGetValue((modulePath, parameter, axis), out Dictionary<int, ChannelGroup>? byIndex)
            ? byIndex.GetValueOrDefault(index)
            : null;

    /// <summary>The widths that a module produces or scales.</summary>
    /// <param name="modulePath">Dotted path of the module from the root.</param>
    /// <returns>The widths; several where the channels of one layer part ways, as after a split.</returns>
    public IReadOnlyList<ModelWidth> WidthsOf(string modulePath) =>
        [.. Widths.Where(width => width.Layers.Contains(modulePath) || width.Scales.Contains(modulePath))];
}
