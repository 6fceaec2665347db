using Speedup.Core.Graph;

namespace Speedup.Core.Sizes;

/// <summary>
/// The passes of one model on inputs of several sizes. Passes that take the same path are one part of the graph, each other path is a part
/// of its own: what may go must be able to go in all of them. Axes whose lengths differ between the passes of a path depend on the size,
/// and so do calls that were given other numbers.
/// </summary>
internal sealed class SizedGraph
{
    private static readonly IReadOnlyList<SizedCall> None = [];
    private readonly IReadOnlyList<int>?[] _periods;
    private readonly Dictionary<int, List<SizedCall>> _calls = [];
    private readonly HashSet<(int Node, string Argument)> _varied = [];
    private readonly bool _isFixed;
    private readonly ModelGraph[] _passes;

    /// <summary>Compares passes.</summary>
    /// <param name="passes">The passes, that on the example first.</param>
    /// <param name="mostParts">Number of paths that are looked at; the others are left to the verification.</param>
    public SizedGraph(IReadOnlyList<ModelGraph> passes, int mostParts = int.MaxValue)
    {
        _passes = [.. passes];
        (Graph, Parts) = GraphPart.Join(ChoosePaths(passes, mostParts));
        _periods = new IReadOnlyList<int>?[Graph.Values.Count];
        foreach (GraphPart part in Parts)
            Compare(part);
        _isFixed = Graph
            .Nodes.Where(node => node.Kind == NodeKind.Input)
            .SelectMany(node => node.Outputs)
            .Any(input => LengthsOf(Graph.Values[input].Shape.Count).Any(axis => _periods[input]?[axis] is null or 0));
    }

    /// <summary>All parts as one graph, the path of the example first.</summary>
    public ModelGraph Graph { get; }

    /// <summary>The parts.</summary>
    public IReadOnlyList<GraphPart> Parts { get; }

    /// <summary>
    /// For each axis of a value the distance at which its indices repeat, zero where its length is the same at all sizes; null where no
    /// axis depends on the size.
    /// </summary>
    public IReadOnlyList<int>? PeriodsOf(int value) => _periods[value];

    /// <summary>A call of the graph as it was made at other sizes with other numbers; none for most calls.</summary>
    public IReadOnlyList<SizedCall> OthersOf(int node) => _calls.TryGetValue(node, out List<SizedCall>? calls) ? calls : None;

    /// <summary>
    /// Arguments of a call that are computed from sizes, and of which no pass gave another value: at a further size they may have any. None where all
    /// lengths of the inputs varied: what stayed the same then counts channels.
    /// </summary>
    public IReadOnlyList<string> UnseenSizesOf(int node) =>
        _isFixed ? [.. Graph.Nodes[node].SizeArguments.Where(argument => !_varied.Contains((node, argument)))] : [];

    /// <summary>The part whose path a pass took; null where it is not in the graph.</summary>
    public GraphPart? FindPart(ModelGraph pass) => Parts.FirstOrDefault(part => GraphComparison.FindFork(part.Pass, pass) is null);

    /// <summary>The example's path, the longest other one, and so on to the shortest: a loop that ran longer shows what meets what.</summary>
    private static List<ModelGraph> ChoosePaths(IReadOnlyList<ModelGraph> passes, int most)
    {
        var paths = new List<ModelGraph> { passes[0] };
        foreach (ModelGraph pass in passes.Skip(1).OrderByDescending(pass => pass.Nodes.Count))
        {
            if (paths.Count < most && paths.TrueForAll(path => GraphComparison.FindFork(path, pass) is not null))
                paths.Add(pass);
        }
        return paths;
    }

    /// <summary>Compares a part with all passes, as far as they take its path.</summary>
    private void Compare(GraphPart part)
    {
        var lengths = new Dictionary<(int Value, int Axis), HashSet<long>>();
        foreach (ModelGraph pass in _passes.Where(pass => !ReferenceEquals(pass, part.Pass)))
        {
            int end = GraphComparison.FindFork(part.Pass, pass) ?? part.NodeCount;
            for (int i = 0; i < end; i++)
            {
                GraphNode node = part.Pass.Nodes[i];
                foreach (int value in node.Outputs)
                    AddLengths(lengths, value, part.Pass.Values[value].Shape, pass.Values[value].Shape);
                string[] different = [.. GraphComparison.FindDifferent(node, pass.Nodes[i])];
                _varied.UnionWith(different.Select(argument => (part.FirstNode + i, argument)));
                if (different.Length > 0)
                    AddCall(part.FirstNode + i, pass, pass.Nodes[i]);
            }
        }
        foreach (IGrouping<int, KeyValuePair<(int Value, int Axis), HashSet<long>>> value in lengths.GroupBy(entry => entry.Key.Value))
        {
            int[] periods = new int[part.Pass.Values[value.Key].Shape.Count];
            foreach (((_, int axis), HashSet<long> seen) in value)
                periods[axis] = PeriodOf(seen);
            _periods[part.FirstValue + value.Key] = periods;
        }
    }

    /// <summary>The axes of an input that a model may let vary, apart from the samples: the sides of images, the steps of a sequence.</summary>
    private static IEnumerable<int> LengthsOf(int rank) =>
        rank >= 4 ? Enumerable.Range(2, rank - 2) : Enumerable.Range(1, Math.Clamp(rank - 1, 0, 1));

    private static void AddLengths(
        Dictionary<(int Value, int Axis), HashSet<long>> lengths,
        int value,
        IReadOnlyList<long> shape,
        IReadOnlyList<long> other
    )
    {
        for (int axis = 0; axis < shape.Count; axis++)
        {
            if (shape[axis] == other[axis])
                continue;
            if (!lengths.TryGetValue((value, axis), out HashSet<long>? seen))
                lengths[(value, axis)] = seen = [shape[axis]];
            seen.Add(other[axis]);
        }
    }

    private void AddCall(int node, ModelGraph pass, GraphNode call)
    {
        if (!_calls.TryGetValue(node, out List<SizedCall>? calls))
            _calls[node] = calls = [];
        calls.Add(new SizedCall(call, ShapesOf(call.Inputs), ShapesOf(call.Outputs)));

        IReadOnlyList<IReadOnlyList<long>> ShapesOf(IEnumerable<int> values) => [.. values.Select(id => pass.Values[id].Shape)];
    }

    /// <summary>
    /// The greatest common divisor of the lengths, if three of them or more have it: samples times heads repeat by heads. Two lengths may
    /// have one by chance, as 13 and 26 positions have.
    /// </summary>
    private static int PeriodOf(HashSet<long> lengths) => lengths.Count < 3 ? 1 : (int)Math.Max(1, lengths.Aggregate(GreatestDivisor));

    private static long GreatestDivisor(long first, long second)
    {
        while (second != 0)
            (first, second) = (second, first % second);
        return first;
    }
}
