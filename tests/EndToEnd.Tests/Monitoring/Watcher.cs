using Speedup.Core.Monitoring;

namespace EndToEnd.Tests.Monitoring;

/// <summary>Calls back at once, on the thread of the speedup; <see cref="Progress{T}"/> would do it later and elsewhere.</summary>
internal sealed class Watcher(Action<SpeedupProgress> watch) : IProgress<SpeedupProgress>
{
    public void Report(SpeedupProgress value) => watch(value);
}
