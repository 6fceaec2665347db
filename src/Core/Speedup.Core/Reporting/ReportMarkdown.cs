using System.Globalization;
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
        page.AddLayers(report);
        page.AddWhatStays(report);
        page.AddChecks(report);
        page.AddList("Never called, left alone", report.Unvisited);
        page.AddList("Notes", report.Notes);
        return page._page.ToString();
    }

    private void AddLayers(SpeedupReport report) =>
        AddTable(
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

    private void AddWhatStays(SpeedupReport report)
    {
        AddTable(
            "Masked, but not that small",
            ["Layer", "Type", "How far", "Why not more"],
            report.Unshrunk.Select(module => new[] { module.Path, module.Type, ReportFigures.Shortfall(module), module.Reason })
        );
        AddTable(
            "Kept",
            ["For", "Cause", "What", "Why"],
            report.Kept.Select(kept => new[] { kept.Operator, kept.Cause.ToString(), ReportFigures.Channels(kept), kept.Reason })
        );
        AddTable(
            "Without a handler",
            ["Operator", "Where", "Why"],
            report.Barriers.Select(barrier => new[] { barrier.Operator, barrier.Where, barrier.Reason })
        );
    }

    private void AddChecks(SpeedupReport report)
    {
        AddTable(
            "Verified on",
            ["Input", "Shapes", "Relative error"],
            report.Verification.Checks.Select(check =>
                new[] { check.Input, string.Join(", ", check.Shapes.Select(ReportFigures.Shape)), ReportFigures.Error(check.RelativeError) }
            )
        );
        AddTable(
            "Conditions in the code",
            ["Method", "Where", "Depends on", "Led to", "Verified on each side"],
            report.Conditions.Select(condition =>
                new[]
                {
                    condition.Method,
                    condition.Where,
                    condition.Kind.ToString(),
                    ReportFigures.Outcomes(condition),
                    condition.IsVerified ? "yes" : "no",
                }
            )
        );
        AddTable(
            "Attempts",
            ["Attempt", "Why it failed", "What was done"],
            report.Attempts.Select(attempt =>
                new[] { attempt.Number.ToString(CultureInfo.InvariantCulture), attempt.Reason, attempt.Remedy ?? "nothing left to do" }
            )
        );
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
