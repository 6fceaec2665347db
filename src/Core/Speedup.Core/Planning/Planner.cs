using Speedup.Abstractions;
using Speedup.Core.Graph;
using Speedup.Core.Propagation;
using static TorchSharp.torch;

namespace Speedup.Core.Planning;

/// <summary>
/// Decides what goes. Starts from all groups of indices that are constant or unused at every place, and takes back what some
/// operator cannot do without, until nothing changes.
/// </summary>
internal sealed class Planner
{
    private readonly OperatorGraph _graph;
    private readonly IReadOnlyDictionary<GraphOperator, RelationCollector> _relations;
    private readonly ElementSpace _space;
    private readonly IReadOnlyList<Scatter> _scatters;
    private readonly GraphOperator[] _operators;
    private readonly HashSet<int> _masked;

    /// <summary>Collects the relations of all operators of a graph at its fixed point.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="scatters">Modules whose output is scattered back to full width.</param>
    public Planner(OperatorGraph graph, IReadOnlyList<Scatter> scatters)
    {
        _graph = graph;
        _scatters = scatters;
        _operators = [.. graph.Operators.Select(op => scatters.FirstOrDefault(scatter => scatter.Original == op)?.View ?? op)];
        var relations = new OperatorRelations(_operators);
        _relations = relations.ByOperator;
        _space = relations.CreateSpace(HasRemovable);
        _masked = MaskedGroups.Find(graph, _space);
    }

    /// <summary>Makes the plan.</summary>
    /// <param name="pinned">Axes that must not change.</param>
    /// <param name="whole">Shared parameters that must not be sliced.</param>
    public RemovalPlan Plan(IReadOnlyList<Pinned> pinned, IReadOnlySet<Tensor> whole)
    {
        var state = new PlanState(_space, FindRemovableGroups(), _masked);
        foreach (GraphOperator op in _operators)
            KeepUnclaimed(op, state);
        foreach (Pinned pin in pinned)
            KeepAll(_graph.Operators[pin.NodeId], pin.Axis, KeepCause.HardCodedSize, pin.Reason, state);
        SharedParameters.Keep(_graph, _space, state, whole);
        ReadLengths.Keep(_graph, state);
        RepeatedCalls.KeepDifferingConstants(_relations, state);
        int before;
        do
        {
            before = state.Changes;
            foreach (GraphOperator op in _relations.Keys)
                HandlerCall.Run(op, nameof(IOperatorHandler.Constrain), () => op.Handler!.Constrain(new OperatorPlan(op, state)));
            KeepLastIndices(state);
            KeepWhatInnerKeeps(state);
        } while (state.Changes != before);
        IReadOnlyList<AlignedAxis> aligned = AlignedChannels.Note([.. _relations.Keys], state);
        return new RemovalPlan(_space, state.Removable, state.ReadKept(), aligned, _scatters, state.FindReason);
    }

    private bool HasRemovable(AxisKey axis)
    {
        if (_graph.Keys.FindValue(axis.Tensor) is not { } value)
            return false;
        AxisFacts facts = _graph.Values[value][axis.Axis];
        return facts.AnyConstant || facts.AnyUnused;
    }

    /// <summary>A group can go if it has members in values, and none of them is needed.</summary>
    private bool[] FindRemovableGroups()
    {
        bool[] removable = new bool[_space.Count];
        bool[] needed = new bool[_space.Count];
        foreach (AxisKey axis in _space.Axes)
        {
            if (_graph.Keys.FindValue(axis.Tensor) is not { } value)
                continue;
            AxisFacts facts = _graph.Values[value][axis.Axis];
            for (int i = 0; i < facts.Length; i++)
            {
                int group = _space.GroupOf(axis, i);
                needed[group] |= facts.IsNeeded(i);
                removable[group] = !needed[group];
            }
        }
        return removable;
    }

    private void KeepUnclaimed(GraphOperator op, PlanState state)
    {
        (KeepCause cause, string reason) = op.Node.Kind switch
        {
            NodeKind.Input or NodeKind.Output => (KeepCause.Boundary, $"the shape of the {op.Name} is a promise to the caller"),
            NodeKind.ModelTensor when _graph.Graph.Written.Contains(op.Node.Outputs[0]) => (
                KeepCause.Barrier,
                $"{op.Name} is changed by the forward pass, and is another one in the next call"
            ),
            NodeKind.ModelTensor => (KeepCause.Barrier, $"{op.Name} is a tensor that is not sliced"),
            _ when op.Handler is null => (KeepCause.Barrier, $"{op.Name} has no handler"),
            _ => (KeepCause.Barrier, $"{op.Name} cannot change this axis"),
        };
        foreach (AxisRef axis in OperatorAxes.All(op).Where(axis => _space.Contains(op.KeyOf(axis)) && !IsClaimed(op, axis)))
        {
            if (op.Sizes?.IsUnreliable(axis) == true)
                KeepAll(op, axis, KeepCause.SizeDependent, $"what {op.Name} reads of it depends on the size of the input", state);
            else
                KeepAll(op, axis, cause, reason, state);
        }
    }

    private bool IsClaimed(GraphOperator op, AxisRef axis) =>
        _relations.TryGetValue(op, out RelationCollector? relation)
        && relation.Claims.Contains((axis.Kind, axis.Position, axis.Parameter, op.KeyOf(axis).Axis));

    private static void KeepAll(GraphOperator op, AxisRef axis, KeepCause cause, string reason, PlanState state)
    {
        for (int i = 0; i < op.Facts(axis).Length; i++)
            state.Keep(op, axis, i, cause, reason);
    }

    /// <summary>What a module keeps inside has a place outside.</summary>
    private void KeepWhatInnerKeeps(PlanState state)
    {
        foreach (Scatter scatter in _scatters)
            for (int i = 0; i < scatter.Length; i++)
            {
                if (!state.IsRemoved(scatter.Inner, i))
                    state.Keep(
                        scatter.Original,
                        AxisRef.OfOutput(0, scatter.Axis),
                        i,
                        KeepCause.Aligned,
                        $"{scatter.Original.Name} keeps it inside"
                    );
            }
    }

    /// <summary>An axis may lose all its indices only on paper: one stays, so that the network runs.</summary>
    private void KeepLastIndices(PlanState state)
    {
        foreach (GraphOperator op in _operators.Concat(_scatters.Select(scatter => scatter.Original)))
        foreach (AxisRef axis in OperatorAxes.All(op).Where(axis => axis.Kind == PortKind.Output && _space.Contains(op.KeyOf(axis))))
        {
            int length = op.Facts(axis).Length;
            if (length > 0 && Enumerable.Range(0, length).All(i => state.IsRemoved(op.KeyOf(axis), i)))
                state.Keep(op, axis, 0, KeepCause.LastIndex, $"every index of {op.Name} could go; one stays so that the network runs");
        }
    }
}
