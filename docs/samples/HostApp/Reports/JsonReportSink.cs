using System.Text.Json;
using Speedup.Core.Reporting;

namespace HostApp.Reports;

/// <summary>Writes the whole report to a file.</summary>
internal sealed class JsonReportSink(string path) : IReportSink
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <inheritdoc/>
    public void Write(SpeedupReport report) => File.WriteAllText(path, JsonSerializer.Serialize(report, Indented));
}
