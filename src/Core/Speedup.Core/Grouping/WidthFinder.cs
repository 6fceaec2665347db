using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Pruning.Abstractions;

namespace Speedup.Core.Grouping;

/// <summary>Finds all widths of a model, whether they can shrink or not, with what they cost.</summary>
internal sealed class WidthFinder
{
    private readonly OperatorGraph _graph;
    private readonly OperatorRelations _relations;
    private readonly ElementSpace _space;
    private readonly MemberRoles _roles;
    private readonly ParameterAddresses _addresses;
    private readonly List<TiedIndices> _found = [];
    private readonly Dictionary<int, int> _ids = [];

    /// <summary>Looks at the operators of a graph without masks.</summary>
    /// <exception cref="SpeedupException">A handler failed.</exception>
    public WidthFinder(OperatorGraph graph)
    {
        _graph = graph;
        _relations = new OperatorRelations(graph.Operators);
        _space = _relations.CreateSpace(_ => true);
        _roles = new MemberRoles(_relations.ByOperator);
        _addresses = new ParameterAddresses(graph);
    }

    /// <summary>Where each group has its places; the position is the id of the group.</summary>
    public IReadOnlyList<TiedIndices> Places => _found;

    /// <summary>All widths; no group has an obstacle yet.</summary>
    public ModelWidths Find()
    {
        TiedIndices[] groups = [.. FindGroups()];
        IEnumerable<BalancedAxis> balances = _relations.ByOperator.Values.SelectMany(relation => relation.Balances);
        var widths = new List<ModelWidth>();
        foreach (TiedIndices[][] blocks in WidthBlocks.Find(groups, balances))
            widths.Add(Describe(widths.Count, blocks));
        var costs = new CostTerms(_graph, _relations, _addresses, IdsOf);
        return costs.Price(widths);
    }

    /// <summary>The groups that parameters have a part in, in the order of their first places.</summary>
    private IEnumerable<TiedIndices> FindGroups()
    {
        var places = new Dictionary<int, List<(AxisKey, int)>>();
        var isOfParameter = new HashSet<int>();
        foreach (AxisKey axis in _space.Axes.OrderBy(axis => axis.Tensor).ThenBy(axis => axis.Axis))
        {
            bool isParameter = _addresses.Of(axis.Tensor).Count > 0;
            for (int i = 0; i < _space.LengthOf(axis); i++)
            {
                int group = _space.GroupOf(axis, i);
                if (!places.TryGetValue(group, out List<(AxisKey, int)>? own))
                    places[group] = own = [];
                own.Add((axis, i));
                if (isParameter)
                    isOfParameter.Add(group);
            }
        }
        return places.Where(group => isOfParameter.Contains(group.Key)).Select(group => new TiedIndices(group.Value));
    }

    private ModelWidth Describe(int id, TiedIndices[][] blocks)
    {
        var groups = new List<ChannelGroup>();
        foreach ((int block, TiedIndices[] own) in blocks.Index())
        foreach (TiedIndices group in own)
        {
            (AxisKey axis, int index) = group.Places[0];
            _ids[_space.GroupOf(axis, index)] = _found.Count;
            groups.Add(new ChannelGroup(_found.Count, id, block, [.. MembersOf(group)], 0, 0, null));
            _found.Add(group);
        }
        GroupMember[] members = [.. groups.SelectMany(group => group.Members)];
        return new ModelWidth(id, groups, blocks.Length, PathsOf(MemberRole.Produces), PathsOf(MemberRole.Scales));

        IReadOnlyList<string> PathsOf(MemberRole role) =>
            [.. members.Where(member => member.Role == role).Select(member => member.ModulePath).Distinct()];
    }

    private IEnumerable<GroupMember> MembersOf(TiedIndices group)
    {
        foreach (IGrouping<AxisKey, int> places in group.Places.GroupBy(place => place.Axis, place => place.Index))
        foreach ((string path, string name) in _addresses.Of(places.Key.Tensor))
            yield return new GroupMember(path, name, places.Key.Axis, [.. places], _roles.Of(places.Key));
    }

    /// <summary>For each index of an axis the id of its group; null for an axis that cannot change.</summary>
    private int[]? IdsOf(AxisKey axis) =>
        _space.Contains(axis)
            ? [.. Enumerable.Range(0, _space.LengthOf(axis)).Select(i => _ids.GetValueOrDefault(_space.GroupOf(axis, i), -1))]
            : null;
}
