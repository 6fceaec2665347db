using Speedup.Core.Reporting;

namespace HostApp.Reports;

/// <summary>Where this application's reports go.</summary>
internal interface IReportSink
{
    /// <summary>Takes a report.</summary>
    void Write(SpeedupReport report);
}
