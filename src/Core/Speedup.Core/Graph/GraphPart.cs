namespace Speedup.Core.Graph;

/// <summary>One pass among several that stand one after the other in a graph.</summary>
/// <param name="Pass">The pass by itself.</param>
/// <param name="FirstNode">Id of its first node.</param>
/// <param name="FirstValue">Id of its first value.</param>
internal sealed record GraphPart(ModelGraph Pass, int FirstNode, int FirstValue)
{
    /// <summary>Number of nodes.</summary>
    public int NodeCount => Pass.Nodes.Count;

    /// <summary>Puts passes one after the other: a graph whose parts share nothing but modules and parameters.</summary>
    public static (ModelGraph Graph, IReadOnlyList<GraphPart> Parts) Join(IReadOnlyList<ModelGraph> passes)
    {
        var nodes = new List<GraphNode>();
        var values = new List<GraphValue>();
        var parts = new List<GraphPart>();
        foreach (ModelGraph pass in passes)
        {
            var part = new GraphPart(pass, nodes.Count, values.Count);
            parts.Add(part);
            nodes.AddRange(pass.Nodes.Select(node => part.Move(node)));
            values.AddRange(pass.Values.Select(value => value with { Id = value.Id + part.FirstValue }));
        }
        IEnumerable<string> called = passes.SelectMany(pass => pass.Unvisited).Distinct();
        string[] unvisited = [.. called.Where(path => passes.All(pass => pass.Unvisited.Contains(path)))];
        var graph = new ModelGraph(nodes, values, unvisited, [.. passes.SelectMany(pass => pass.Notes).Distinct()])
        {
            Conditions = [.. passes.SelectMany(pass => pass.Conditions)],
            Written = parts.SelectMany(part => part.Pass.Written.Select(value => value + part.FirstValue)).ToHashSet(),
            Slices = parts
                .SelectMany(part => part.Pass.Slices.Select(slice => (Value: slice.Key + part.FirstValue, slice.Value)))
                .ToDictionary(slice => slice.Item1, slice => slice.Item2),
            HasUntracedCode = passes.Any(pass => pass.HasUntracedCode),
            HasOwnThreads = passes.Any(pass => pass.HasOwnThreads),
        };
        return (graph, parts);
    }

    private GraphNode Move(GraphNode node) =>
        FirstNode == 0
            ? node
            : node with
            {
                Id = node.Id + FirstNode,
                Inputs = [.. node.Inputs.Select(id => id + FirstValue)],
                Outputs = [.. node.Outputs.Select(id => id + FirstValue)],
            };
}
