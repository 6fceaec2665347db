using System.Diagnostics;
using System.Globalization;

namespace Core.Tests;

/// <summary>Processor time of this thread where the system tells it, so that a busy machine does not count; else the time that passed.</summary>
internal sealed class ThreadClock
{
    private const string Source = "/proc/thread-self/schedstat";
    private readonly TimeSpan start = Now();

    public TimeSpan Elapsed => Now() - start;

    private static TimeSpan Now() =>
        File.Exists(Source)
            ? TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText(Source).Split(' ')[0], CultureInfo.InvariantCulture) / 1000)
            : Stopwatch.GetElapsedTime(0);
}
