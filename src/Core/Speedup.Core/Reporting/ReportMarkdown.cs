using System.Text;

namespace Speedup.Core.Reporting;

/// <summary>A report as a page of Markdown, for a pull request or an experiment's log. What a section has nothing for is left out.</summary>
internal sealed class ReportMarkdown
{
    private readonly StringBuilder _page = new();

    private ReportMarkdown() { }

    /// <summary>Writes it; lines end in <c>\n</c>.</summary>
    public static string Write(SpeedupReport report)
    {
        var page = new ReportMarkdown();
        page.AddSummary(report);
        page.AddTable(
            "Layers",
            ["Layer", "Type", "Parameters", "MACs", "Changed", "Why not more"],
            report.Layers.Select(layer =>
                new[]
                {
                    layer.Path,
                    layer.Type,
                    ReportFigures.Change(layer.ParametersBefore, layer.ParametersAfter),
                    ReportFigures.Change(layer.MacsBefore, layer.MacsAfter),
                    ReportFigures.Shapes(layer),
                    string.Join(" ", layer.Reasons),
                }
            )
        );
        page.AddTable(
            "Kept",
            ["For", "Cause", "What", "Why"],
            report.Kept.Select(kept => new[] { kept.Operator, kept.Cause.ToString(), ReportFigures.Channels(kept), kept.Reason })
        );
        page.AddTable(
            "Without a handler",
            ["Operator", "Where", "Why"],
            report.Barriers.Select(barrier => new[] { barrier.Operator, barrier.Where, barrier.Reason })
        );
        page.AddTable(
            "Verified on",
            ["Input", "Shapes", "Relative error"],
            report.Verification.Checks.Select(check =>
                new[] { check.Input, string.Join(", ", check.Shapes.Select(ReportFigures.Shape)), ReportFigures.Error(check.RelativeError) }
            )
        );
        page.AddList("Never called, left alone", report.Unvisited);
        page.AddList("Notes", report.Notes);
        return page._page.ToString();
    }

    private void AddSummary(SpeedupReport report) =>
        AddTable(
            "Speedup",
            ["", "Before and after"],
            [
                ["Parameters", ReportFigures.Change(report.ParametersBefore, report.ParametersAfter)],
                ["Multiply-accumulates", ReportFigures.Change(report.MacsBefore, report.MacsAfter)],
                [
                    "Relative error to the masked model",
                    $"{ReportFigures.Error(report.Verification.MaxRelativeError)} (accepted: {ReportFigures.Error(report.Verification.Tolerance)})",
                ],
                ["Constants", report.Policy.ToString()],
                ["Time", ReportFigures.Seconds(report.Elapsed)],
            ]
        );

    private void AddTable(string title, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<string>[] all = [.. rows];
        if (all.Length == 0)
            return;
        AddTitle(title);
        AddRow(header);
        AddRow([.. header.Select(_ => "---")]);
        foreach (IReadOnlyList<string> row in all)
            AddRow([.. row.Select(Escape)]);
    }

    private void AddList(string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
            return;
        AddTitle(title);
        foreach (string line in lines)
            _page.Append("- ").Append(Escape(line)).Append('\n');
    }

    /// <summary>The first title is the page's.</summary>
    private void AddTitle(string title) => _page.Append(_page.Length == 0 ? "# " : "\n## ").Append(title).Append("\n\n");

    private void AddRow(IReadOnlyList<string> cells) => _page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    /// <summary>Names and reasons come from anybody's code: they must not end a cell, nor be markup.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            if (letter is '\\' or '|' or '`' or '*' or '_' or '<' or '[' or ']')
                escaped.Append('\\');
            escaped.Append(char.IsControl(letter) ? ' ' : letter);
        }
        return escaped.ToString();
    }
}
