using Microsoft.Extensions.Logging;

namespace Speedup.Core.Pipeline;

/// <summary>Log messages of the pipeline; events 1000 to 1099.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(1001, LogLevel.Information, "Traced {Nodes} calls and {Values} tensors.")]
    public static partial void Traced(ILogger logger, int nodes, int values);

    [LoggerMessage(1002, LogLevel.Information, "Fixed point after {Rounds} rounds.")]
    public static partial void Settled(ILogger logger, int rounds);

    [LoggerMessage(1003, LogLevel.Information, "A size is hard-coded: {Reason}. What depends on it is kept; trying again.")]
    public static partial void HardCoded(ILogger logger, string reason);

    [LoggerMessage(1004, LogLevel.Information, "Replaced {Count} modules: {Before} parameters became {After}; relative error {Error}.")]
    public static partial void Done(ILogger logger, int count, long before, long after, double error);

    [LoggerMessage(1005, LogLevel.Warning, "'{Operator}' in '{Where}' has no handler: what it touches is kept.")]
    public static partial void Barrier(ILogger logger, string @operator, string where);

    [LoggerMessage(1006, LogLevel.Information, "The speedup failed; the model is unchanged.")]
    public static partial void RolledBack(ILogger logger, Exception cause);

    [LoggerMessage(1007, LogLevel.Warning, "oneDNN computes wrong float32 convolutions on this machine; it is now off in this process.")]
    public static partial void OneDnnOff(ILogger logger);

    [LoggerMessage(1008, LogLevel.Warning, "Float32 convolutions are wrong on this machine; set ONEDNN_MAX_CPU_ISA=SSE41, or use float64.")]
    public static partial void UnsoundBackend(ILogger logger);

    [LoggerMessage(
        1009,
        LogLevel.Warning,
        "With probed relations of functions without a handler: {Problem} Trying again with those functions as barriers."
    )]
    public static partial void ProbedWrongly(ILogger logger, string problem);

    [LoggerMessage(1010, LogLevel.Information, "With scattered outputs: {Problem} Trying again without.")]
    public static partial void NotScattered(ILogger logger, string problem);

    [LoggerMessage(
        1011,
        LogLevel.Information,
        "{Problem} Some calls do something else at another input size: trying again without constants that go through them."
    )]
    public static partial void SizeDependent(ILogger logger, string problem);

    [LoggerMessage(
        1012,
        LogLevel.Information,
        "{Problem} Calls of the model leave something to later ones: trying again with all that it meets as it is."
    )]
    public static partial void StateDependent(ILogger logger, string problem);
}
