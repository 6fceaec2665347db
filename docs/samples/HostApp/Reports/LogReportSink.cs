using Microsoft.Extensions.Logging;
using Speedup.Core.Reporting;

namespace HostApp.Reports;

/// <summary>Logs what became smaller.</summary>
internal sealed partial class LogReportSink(ILogger<LogReportSink> logger) : IReportSink
{
    /// <inheritdoc/>
    public void Write(SpeedupReport report)
    {
        foreach (LayerReport layer in report.Layers.Where(layer => layer.Replaced))
            Smaller(logger, layer.Path, layer.Type, layer.ParametersBefore, layer.ParametersAfter);
    }

    [LoggerMessage(1, LogLevel.Information, "{Path} ({Type}): {Before} -> {After} parameters")]
    private static partial void Smaller(ILogger logger, string path, string type, long before, long after);
}
