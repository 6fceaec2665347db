using Speedup.Core.Reporting;

namespace Speedup.Cli.Rendering;

/// <summary>The shapes of a layer before and after, short enough for a table cell.</summary>
internal static class LayerShapes
{
    /// <summary>
    /// One line per distinct change, so that the four equal vectors of a BatchNorm take one line; scalars such as
    /// <c>num_batches_tracked</c> are left out.
    /// </summary>
    public static string Describe(LayerReport layer)
    {
        var lines = new List<(string Change, List<string> Names)>();
        foreach (string name in layer.ShapesBefore.Keys.Union(layer.ShapesAfter.Keys))
        {
            string before = Shape(layer.ShapesBefore, name);
            string after = Shape(layer.ShapesAfter, name);
            if (before == "scalar" && after == "scalar")
                continue;
            string change = before == after ? before : $"{before} -> {after}";
            int known = lines.FindIndex(line => line.Change == change);
            if (known < 0)
                lines.Add((change, [name]));
            else
                lines[known].Names.Add(name);
        }
        return string.Join('\n', lines.Select(line => $"{Names(line.Names)} {line.Change}"));
    }

    private static string Names(List<string> names) => names.Count <= 2 ? string.Join(", ", names) : $"{names[0]}, {names[1]}, ...";

    private static string Shape(IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, string name) =>
        shapes.TryGetValue(name, out var shape) ? Tables.Shape(shape) : "none";
}
