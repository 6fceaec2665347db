using Microsoft.Extensions.Logging;

namespace Speedup.Core.Pipeline;

/// <summary>Log messages of the pipeline; events 1000 to 1099.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(1001, LogLevel.Information, "Traced {Nodes} calls and {Values} tensors.")]
    public static partial void Traced(ILogger logger, int nodes, int values);

    [LoggerMessage(1004, LogLevel.Information, "Replaced {Count} modules: {Before} parameters became {After}; relative error {Error}.")]
    public static partial void Done(ILogger logger, int count, long before, long after, double error);

    [LoggerMessage(1005, LogLevel.Warning, "'{Operator}' in '{Where}' has no handler: what it touches is kept.")]
    public static partial void Barrier(ILogger logger, string @operator, string where);

    [LoggerMessage(
        1011,
        LogLevel.Warning,
        "{Function} of handler {Handler} ({Plugin}) takes longer than {Limit} for '{Operator}'. It may not come to an end: take the plugin out, or report it to its author."
    )]
    public static partial void SlowHandler(
        ILogger logger,
        string function,
        string handler,
        string plugin,
        TimeSpan limit,
        string @operator
    );

    [LoggerMessage(1009, LogLevel.Warning, "{Reason}")]
    public static partial void Namesake(ILogger logger, string reason);

    [LoggerMessage(1006, LogLevel.Information, "The speedup failed; the model is unchanged.")]
    public static partial void RolledBack(ILogger logger, Exception cause);

    [LoggerMessage(1010, LogLevel.Information, "The speedup was cancelled; the model is unchanged.")]
    public static partial void Cancelled(ILogger logger);

    [LoggerMessage(
        1012,
        LogLevel.Information,
        "Previewed: {Before} parameters would become {After}; relative error {Error}. The model is unchanged."
    )]
    public static partial void Previewed(ILogger logger, long before, long after, double error);

    [LoggerMessage(1007, LogLevel.Warning, "oneDNN computes wrong float32 convolutions on this machine; it is now off in this process.")]
    public static partial void OneDnnOff(ILogger logger);

    [LoggerMessage(1008, LogLevel.Warning, "Float32 convolutions are wrong on this machine; set ONEDNN_MAX_CPU_ISA=SSE41, or use float64.")]
    public static partial void UnsoundBackend(ILogger logger);
}
