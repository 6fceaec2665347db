using Speedup.Core.Reporting;

namespace Speedup.Cli.Rendering;

/// <summary>Writes reports into files: under a temporary name that is then moved.</summary>
internal static class ReportFile
{
    private const string Json = ".json";
    private const string Html = ".html";

    /// <summary>Extensions of what can be written.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".md", Html, Json];

    /// <summary>Writes a report; the extension says how.</summary>
    public static void Write(SpeedupReport report, string path)
    {
        string temporary = $"{path}.report-{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
        try
        {
            using (StreamWriter writer = File.CreateText(temporary))
                Write(report, writer, Path.GetExtension(path));
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Write(SpeedupReport report, TextWriter writer, string extension)
    {
        if (extension.Equals(Json, StringComparison.OrdinalIgnoreCase))
            JsonOutput.Write(writer, report);
        else
            writer.Write(extension.Equals(Html, StringComparison.OrdinalIgnoreCase) ? ReportPage.Write(report) : report.ToMarkdown());
    }
}
