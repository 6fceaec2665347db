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
    public static GraphJson Of(ModelGraph graph) =>
        new([.. graph.Nodes.Select(NodeJson.Of)], [.. graph.Values.Select(ValueJson.Of)], graph.Unvisited, graph.Notes);
}
