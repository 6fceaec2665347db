using System.Globalization;
using Spectre.Console;
using Speedup.Core.Graph;

namespace Speedup.Cli.Rendering;

/// <summary>Prints a traced graph, one line a call.</summary>
internal sealed class GraphRenderer(IAnsiConsole console, NodeHandling handling)
{
    /// <summary>Prints the calls in the order in which they ran.</summary>
    public void Render(ModelGraph graph)
    {
        Table table = Tables.Create("Graph", "Node", "Kind", "Name", "Module path", "Operator", "Handled by", "Inputs", "Outputs");
        foreach (GraphNode node in graph.Nodes)
        {
            NodeJson row = NodeJson.Of(node, handling);
            table.AddText(
                node.Id.ToString(CultureInfo.InvariantCulture),
                node.Kind.ToString(),
                node.Name,
                node.ModulePath,
                Operator(row),
                row.Handling ?? "",
                Values(graph, node.Inputs),
                Values(graph, node.Outputs)
            );
        }
        console.Write(table);
        foreach (string path in graph.Unvisited)
            console.WriteLine($"Never called: {path}");
        foreach (string note in graph.Notes)
            console.WriteLine($"Note: {note}");
    }

    private static string Operator(NodeJson row)
    {
        string constants = string.Join(
            ", ",
            row.Arguments.Where(a => !a.Value.StartsWith("input ", StringComparison.Ordinal)).Select(a => $"{a.Key}={a.Value}")
        );
        return constants.Length == 0 ? row.Operator ?? "" : $"{row.Operator}({constants})";
    }

    private static string Values(ModelGraph graph, IReadOnlyList<int> ids) =>
        string.Join('\n', ids.Select(id => $"%{id} {graph.Values[id].ParameterPath ?? Tables.Shape(graph.Values[id].Shape)}"));
}
