using Speedup.Core.Graph;

namespace Speedup.Cli.Rendering;

/// <summary>A traced graph as <c>--json</c> writes it.</summary>
internal sealed record GraphJson(
    IReadOnlyList<NodeJson> Nodes,
    IReadOnlyList<ValueJson> Values,
    IReadOnlyList<string> Unvisited,
    IReadOnlyList<string> Notes
)
{
    /// <summary>The JSON form of a graph.</summary>
    public static GraphJson Of(ModelGraph graph, NodeHandling handling) =>
        new(
            [.. graph.Nodes.Select(node => NodeJson.Of(node, handling))],
            [.. graph.Values.Select(ValueJson.Of)],
            graph.Unvisited,
            graph.Notes
        );
}
