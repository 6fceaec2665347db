using System.Collections;
using System.Globalization;
using Speedup.Abstractions;
using Speedup.Core.Graph;

namespace Speedup.Cli.Rendering;

/// <summary>One node of a graph as <c>--json</c> writes it.</summary>
internal sealed record NodeJson(
    int Id,
    NodeKind Kind,
    string Name,
    string ModulePath,
    string? Operator,
    string? Handling,
    IReadOnlyDictionary<string, string> Arguments,
    IReadOnlyList<int> Inputs,
    IReadOnlyList<int> Outputs
)
{
    /// <summary>The JSON form of a node.</summary>
    public static NodeJson Of(GraphNode node, NodeHandling handling) =>
        new(
            node.Id,
            node.Kind,
            node.Name,
            node.ModulePath,
            OperatorOf(node),
            handling.Of(node),
            node.Arguments.ToDictionary(argument => argument.Key, argument => Text(argument.Value)),
            node.Inputs,
            node.Outputs
        );

    /// <summary>Full CLR name of the module type or function; null for other nodes.</summary>
    private static string? OperatorOf(GraphNode node) =>
        node.Method is { } method ? FunctionKey.Of(method).ToString() : node.Module?.GetType().FullName;

    private static string Text(object? value) =>
        value switch
        {
            null => "null",
            InputRef input => $"input {input.Position}",
            string text => text,
            IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
}
