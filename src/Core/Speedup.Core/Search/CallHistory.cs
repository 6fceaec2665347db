using Speedup.Core.Graph;
using Speedup.Core.Models;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using Speedup.Core.Sizes;

namespace Speedup.Core.Search;

/// <summary>
/// What calls of a model in a row may do otherwise than the first. A tensor that a pass writes, or whose place takes another one, is not constant,
/// and neither is what a call does that is given another number each time (a counter): nothing is inferred of either, and axes that the number
/// is about (of a slice, a roll) are kept. Where the code
/// takes another path, that path is in the graph, too, as far as the calls that were traced go; what comes after a fork between the last two of
/// them may do anything later, and is kept.
/// </summary>
internal sealed class CallHistory
{
    private const string Reason = "calls of the model in a row differ here";
    private readonly HashSet<int> _nodes = [];
    private readonly HashSet<int> _kept = [];
    private readonly List<(int First, int Second)> _differing = [];

    private CallHistory() { }

    /// <summary>Ids of nodes of which nothing may be inferred.</summary>
    public IReadOnlySet<int> Nodes => _nodes;

    /// <summary>Finds out.</summary>
    /// <param name="sizes">The calls of the model, traced in a row, on each path.</param>
    /// <param name="changes">What a single pass has written.</param>
    /// <param name="inventory">The model.</param>
    public static CallHistory Find(SizedGraph sizes, StateChanges changes, ModelInventory inventory)
    {
        ModelGraph graph = sizes.Graph;
        var history = new CallHistory();
        HashSet<string> written = [.. changes.Tensors.Select(inventory.FindTensorPath).OfType<string>()];
        GraphNode[] constants =
        [
            .. graph.Nodes.Where(node =>
                node.Kind == NodeKind.ModelTensor && (written.Contains(PathOf(node, graph)) || graph.Written.Contains(node.Outputs[0]))
            ),
        ];
        history._nodes.UnionWith(constants.Select(node => node.Id));
        history.KeepWrittenModules(graph, inventory, written, [.. constants.Select(node => PathOf(node, graph))]);
        foreach (GraphPart part in sizes.Parts)
            history.CompareCalls(graph, graph.Nodes.Skip(part.FirstNode).Take(part.NodeCount));
        return history;
    }

    /// <summary>Pins for what may do anything in a later call.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="all">Whether everything that has to do with state is to stay as it is.</param>
    public IReadOnlyList<Pinned> Pin(OperatorGraph graph, bool all) =>
        [
            .. from op in graph.Operators
            where _kept.Contains(op.Node.Id) || (all && (_nodes.Contains(op.Node.Id) || op.Node.Kind == NodeKind.State))
            from axis in OperatorAxes.Values(op)
            select new Pinned(op.Node.Id, axis, Reason),
            .. from pair in _differing
            from axis in NumberedRelations.FindDiffering(graph.Operators[pair.First], graph.Operators[pair.Second])
            from node in new[] { pair.First, pair.Second }
            where OperatorAxes.Values(graph.Operators[node]).Contains(axis) // a list may have grown in between
            select new Pinned(node, axis, Reason),
        ];

    private static string PathOf(GraphNode node, ModelGraph graph) => graph.Values[node.Outputs[0]].ParameterPath ?? "";

    /// <summary>
    /// A module whose weights the user's code writes computes something else each time. What a module writes by itself as it runs is its handler's
    /// business: it is told apart by no code around it having the tensor in hand.
    /// </summary>
    private void KeepWrittenModules(ModelGraph graph, ModelInventory inventory, HashSet<string> written, HashSet<string> inHand)
    {
        bool isFollowed = graph.Nodes.All(node => node.Kind != NodeKind.Escape);
        HashSet<string> byOthers = isFollowed ? inHand : written;
        foreach (GraphNode node in byOthers.Count == 0 ? [] : graph.Nodes.Where(node => node.Kind == NodeKind.Module))
        {
            bool isWritten = node.Module!.modules()
                .Prepend(node.Module)
                .SelectMany(ModelInventory.TensorsOf)
                .Any(own => inventory.FindTensorPath(own.Tensor) is { } path && byOthers.Contains(path));
            if (!isWritten)
                continue;
            _nodes.Add(node.Id);
            _kept.Add(node.Id);
        }
    }

    private void CompareCalls(ModelGraph graph, IEnumerable<GraphNode> nodes)
    {
        GraphNode[][] calls = Split(nodes);
        for (int i = 0; i < calls.Length; i++)
        for (int j = i + 1; j < calls.Length; j++)
        {
            ModelGraph first = AsGraph(calls[i], graph);
            ModelGraph second = AsGraph(calls[j], graph);
            int fork = GraphComparison.FindFork(first, second, sameValues: false) ?? Math.Max(calls[i].Length, calls[j].Length);
            for (int position = 0; position < Math.Min(fork, Math.Min(calls[i].Length, calls[j].Length)); position++)
            {
                if (!GraphComparison.Differ(calls[i][position], calls[j][position]))
                    continue;
                _nodes.UnionWith([calls[i][position].Id, calls[j][position].Id]);
                _differing.Add((calls[i][position].Id, calls[j][position].Id));
            }
            if (i < calls.Length - 2)
                continue; // warming up
            foreach (GraphNode node in calls[i].Skip(fork).Concat(calls[j].Skip(fork)))
            {
                _nodes.Add(node.Id);
                _kept.Add(node.Id);
            }
        }
    }

    private static ModelGraph AsGraph(GraphNode[] nodes, ModelGraph graph) => new(nodes, graph.Values, [], []);

    /// <summary>The nodes of each call, without those that bring in what was there before, which not every call does.</summary>
    private static GraphNode[][] Split(IEnumerable<GraphNode> nodes)
    {
        var calls = new List<List<GraphNode>>();
        foreach (GraphNode node in nodes)
        {
            if (node.Kind == NodeKind.Input)
                calls.Add([]);
            if (node.Kind is not (NodeKind.ModelTensor or NodeKind.State))
                calls[^1].Add(node);
        }
        return [.. calls.Select(call => call.ToArray())];
    }
}
