using System.Globalization;
using System.Text;
using Speedup.Pruning.Evaluation;

namespace Speedup.Pruning.Sensitivity;

/// <summary>Writes a table for people: a row for each layer, a column for each sparsity, accuracy and loss in each cell.</summary>
internal sealed class SensitivityText(SensitivityTable table)
{
    private readonly string[][] _cells = CellsOf(table);

    public string WriteColumns()
    {
        int[] widths = [.. Enumerable.Range(0, _cells[0].Length).Select(column => _cells.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in _cells)
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return text.ToString();
    }

    public string WriteMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine(MarkdownRow(_cells[0]));
        text.AppendLine(MarkdownRow([.. _cells[0].Select(_ => "---")]));
        foreach (string[] row in _cells.Skip(1))
            text.AppendLine(MarkdownRow([.. row.Select((cell, column) => column == 0 ? $"`{cell}`" : cell)]));
        return text.ToString();
    }

    private static string MarkdownRow(string[] cells) => $"| {string.Join(" | ", cells)} |";

    private static string[][] CellsOf(SensitivityTable table)
    {
        double[] sparsities = [.. table.Rows.Select(row => row.Sparsity).Distinct().Order()];
        string[] head = ["Layer", "0", .. sparsities.Select(sparsity => sparsity.ToString("0.###", CultureInfo.InvariantCulture))];
        IEnumerable<string[]> rows = table
            .Rows.GroupBy(row => row.Name)
            .Select(layer =>
                (string[])
                    [
                        layer.Key,
                        CellOf(table.Whole),
                        .. sparsities.Select(sparsity => CellOf(layer.FirstOrDefault(row => row.Sparsity == sparsity)?.Metrics)),
                    ]
            );
        return [head, .. rows];
    }

    private static string CellOf(ModelMetrics? metrics) =>
        string.Join(" / ", new[] { Number(metrics?.Accuracy), Number(metrics?.Loss) }.Where(text => text.Length > 0).DefaultIfEmpty("-"));

    private static string Number(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "";
}
