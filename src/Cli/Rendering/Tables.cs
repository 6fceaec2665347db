using System.Globalization;
using Spectre.Console;

namespace Speedup.Cli.Rendering;

/// <summary>How the tool's tables and figures look.</summary>
internal static class Tables
{
    /// <summary>A table with a title; cells are plain text, never markup.</summary>
    public static Table Create(string title, params IEnumerable<string> columns)
    {
        var table = new Table().Border(TableBorder.Rounded).Title($"[bold]{Markup.Escape(title)}[/]");
        foreach (string column in columns)
            table.AddColumn(new TableColumn(new Text(column)));
        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    public static void AddText(this Table table, params IEnumerable<string> cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    /// <summary>A count with thousands separated.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Two counts and what is left of the first in percent.</summary>
    public static string Change(long before, long after)
    {
        if (before == after)
            return Count(before);
        string share = before == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({100.0 * after / before:0.#} %)");
        return $"{Count(before)} -> {Count(after)}{share}";
    }

    /// <summary>Seconds as the documentation prints them.</summary>
    public static string Seconds(double seconds) => seconds.ToString("0.00000", CultureInfo.InvariantCulture);

    /// <summary>A shape, such as <c>20x1x5x5</c>; <c>scalar</c> for no axes.</summary>
    public static string Shape(IReadOnlyList<long> shape) => shape.Count == 0 ? "scalar" : string.Join('x', shape);

    /// <summary>Indices, runs shortened: <c>0-3, 7, 9-10</c>.</summary>
    public static string Indices(IReadOnlyList<int> indices)
    {
        var runs = new List<string>();
        for (int i = 0; i < indices.Count; )
        {
            int first = i;
            while (i + 1 < indices.Count && indices[i + 1] == indices[i] + 1)
                i++;
            runs.Add(first == i ? $"{indices[i]}" : $"{indices[first]}-{indices[i]}");
            i++;
        }
        return string.Join(", ", runs);
    }
}
