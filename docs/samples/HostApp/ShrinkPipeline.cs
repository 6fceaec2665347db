using HostApp.Masks;
using HostApp.Reports;
using MathNet.Numerics.Statistics;
using Microsoft.Extensions.Logging;
using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using static TorchSharp.torch;

namespace HostApp;

/// <summary>This application's pipeline: masks from its source, the speedup, the report to all its sinks.</summary>
internal sealed partial class ShrinkPipeline(
    IModelSpeedup speedup,
    IMaskSource source,
    IEnumerable<IReportSink> sinks,
    ILogger<ShrinkPipeline> logger
)
{
    /// <summary>Makes a model smaller, in place.</summary>
    public void Run(nn.Module model)
    {
        Started(logger, typeof(Statistics).Assembly.GetName().Version);
        using MaskSet masks = source.Create(model);
        using Tensor image = randn(2, 3, 16, 16);
        SpeedupReport report = speedup.Speedup(model, [image], masks);
        foreach (IReportSink sink in sinks)
            sink.Write(report);
    }

    [LoggerMessage(1, LogLevel.Information, "This application computes with MathNet.Numerics {Version}")]
    private static partial void Started(ILogger logger, Version? version);
}
