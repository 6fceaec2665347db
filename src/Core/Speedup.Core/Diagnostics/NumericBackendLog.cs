using Microsoft.Extensions.Logging;

namespace Speedup.Core.Diagnostics;

/// <summary>Log messages about the native libraries; events 1100 to 1199.</summary>
internal static partial class NumericBackendLog
{
    [LoggerMessage(
        1101,
        LogLevel.Warning,
        "Float32 convolutions of oneDNN are wrong on this processor (relative error {Error:G3}); oneDNN is switched off for this process. "
            + "Starting the process with ONEDNN_MAX_CPU_ISA=SSE41 avoids the fault and may be faster."
    )]
    public static partial void Repaired(ILogger logger, double error);

    [LoggerMessage(
        1102,
        LogLevel.Error,
        "Float32 convolutions are wrong on this machine (relative error {Error:G3}), and oneDNN cannot be switched off from here. "
            + "Start the process with the environment variable ONEDNN_MAX_CPU_ISA=SSE41, or compute in float64."
    )]
    public static partial void Broken(ILogger logger, double error);
}
