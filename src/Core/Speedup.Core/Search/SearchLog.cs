using Microsoft.Extensions.Logging;

namespace Speedup.Core.Search;

/// <summary>Log messages of the search; events 1100 to 1199.</summary>
internal static partial class SearchLog
{
    [LoggerMessage(1101, LogLevel.Information, "Attempt {Number}: {Reason} -> {Remedy}.")]
    public static partial void Attempted(ILogger logger, int number, string reason, string remedy);

    [LoggerMessage(1102, LogLevel.Information, "Fixed point after {Rounds} rounds.")]
    public static partial void Settled(ILogger logger, int rounds);
}
