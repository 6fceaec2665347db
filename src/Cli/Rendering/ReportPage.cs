using Markdig;
using Speedup.Core.Reporting;

namespace Speedup.Cli.Rendering;

/// <summary>A report as one HTML file that needs no other: the text of its Markdown form, with names of the user's code never taken for HTML.</summary>
internal static class ReportPage
{
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Speedup</title>
        <style>
        :root { --line: #ccc; --head: #f2f2f2; }
        @media (prefers-color-scheme: dark) { :root { --line: #555; --head: #2a2a2a; } }
        body { font: 15px/1.45 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
        table { border-collapse: collapse; display: block; overflow-x: auto; }
        th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
        th { background: var(--head); }
        code { font-family: ui-monospace, monospace; }
        </style>
        </head>
        <body>

        """;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml().Build();

    /// <summary>Writes it.</summary>
    public static string Write(SpeedupReport report) => $"{Head}{Markdown.ToHtml(report.ToMarkdown(), Pipeline)}</body>\n</html>\n";
}
