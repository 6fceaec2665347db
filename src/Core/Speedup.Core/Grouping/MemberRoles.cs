using Speedup.Abstractions;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Pruning.Abstractions;

namespace Speedup.Core.Grouping;

/// <summary>What operators do with the channels on the axes of their parameters, by what they say of their own axes.</summary>
internal sealed class MemberRoles
{
    private readonly Dictionary<AxisKey, MemberRole> _roles = [];

    /// <summary>Looks at all operators; of several calls of a module the first counts.</summary>
    public MemberRoles(IReadOnlyDictionary<GraphOperator, RelationCollector> relations)
    {
        foreach ((GraphOperator op, RelationCollector relation) in relations.OrderBy(item => item.Key.Node.Id))
            AddRoles(OwnAxes(op, relation), new OwnTies(op, relation));
    }

    /// <summary>The role of an axis of a parameter.</summary>
    public MemberRole Of(AxisKey axis) => _roles.GetValueOrDefault(axis, MemberRole.Reads);

    private void AddRoles(AxisKey[] axes, OwnTies ties)
    {
        foreach (IGrouping<int, AxisKey> parameter in axes.GroupBy(axis => axis.Tensor))
        foreach (AxisKey axis in parameter)
            _roles.TryAdd(axis, RoleOf(ties, axis, parameter, axes));
    }

    private static AxisKey[] OwnAxes(GraphOperator op, RelationCollector relation) =>
        [
            .. relation
                .Claims.Where(claim => claim.Kind == PortKind.Parameter)
                .Select(claim => op.KeyOf(new AxisRef(claim.Kind, claim.Position, claim.Parameter, claim.Axis))),
        ];

    private static MemberRole RoleOf(OwnTies ties, AxisKey axis, IEnumerable<AxisKey> parameter, IEnumerable<AxisKey> all)
    {
        (bool isRead, bool isProduced) = ties.Reach(axis);
        if (!isProduced)
            return isRead || axis.Axis > 0 ? MemberRole.Reads : MemberRole.Produces;
        bool readsWithOtherAxis = axis.Axis > 0 && parameter.Any(other => other.Axis == 0 && ties.Reach(other).Output);
        if (readsWithOtherAxis)
            return MemberRole.Reads;
        bool mixes = all.GroupBy(other => other.Tensor).Any(axes => axes.Count() > 1 && axes.Any(other => ties.AreTied(other, axis)));
        return isRead && !mixes ? MemberRole.Scales : MemberRole.Produces;
    }

    /// <summary>The axes that one operator ties to each other.</summary>
    private sealed class OwnTies
    {
        private readonly Dictionary<AxisKey, int> _numbers = [];
        private readonly UnionFind _components = new();
        private readonly HashSet<int> _inputs;
        private readonly HashSet<int> _outputs;

        public OwnTies(GraphOperator op, RelationCollector relation)
        {
            foreach (AxisTie tie in relation.Ties)
                _components.Union(NumberOf(tie.First), NumberOf(tie.Second));
            AxisRef[] values = [.. OperatorAxes.Values(op)];
            _inputs = Components(values.Where(axis => axis.Kind == PortKind.Input));
            _outputs = Components(values.Where(axis => axis.Kind == PortKind.Output));

            HashSet<int> Components(IEnumerable<AxisRef> axes) => [.. axes.Select(axis => _components.Find(NumberOf(op.KeyOf(axis))))];
        }

        public (bool Input, bool Output) Reach(AxisKey axis)
        {
            int component = _components.Find(NumberOf(axis));
            return (_inputs.Contains(component), _outputs.Contains(component));
        }

        public bool AreTied(AxisKey first, AxisKey second) => _components.Find(NumberOf(first)) == _components.Find(NumberOf(second));

        private int NumberOf(AxisKey axis)
        {
            if (!_numbers.TryGetValue(axis, out int number))
                _numbers[axis] = number = _components.Add(1);
            return number;
        }
    }
}
