using Speedup.Core.Reporting;

namespace Speedup.Cli.Rendering;

/// <summary>Writes reports into files: under a temporary name that is then moved.</summary>
internal static class ReportFile
{
    private const string Json = ".json";

    /// <summary>Extensions of what can be written.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".md", Json];

    /// <summary>Writes a report; the extension says how.</summary>
    public static void Write(SpeedupReport report, string path)
    {
        string temporary = $"{path}.report-{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
        try
        {
            using (StreamWriter writer = File.CreateText(temporary))
            {
                if (Path.GetExtension(path).Equals(Json, StringComparison.OrdinalIgnoreCase))
                    JsonOutput.Write(writer, report);
                else
                    writer.Write(report.ToMarkdown());
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
