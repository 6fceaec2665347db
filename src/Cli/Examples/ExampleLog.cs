using Microsoft.Extensions.Logging;

namespace Speedup.Cli.Examples;

/// <summary>Log messages of the examples.</summary>
internal static partial class ExampleLog
{
    [LoggerMessage(
        9001,
        LogLevel.Warning,
        "oneDNN computes wrong float32 convolutions on this machine and is off in this process; both models are timed without it."
    )]
    public static partial void OneDnnOff(ILogger logger);
}
