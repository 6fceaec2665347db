using System.Diagnostics;

namespace Speedup.Core.Plugins;

/// <summary>
/// Tells of a stranger's code that takes too long, while it still runs: it cannot be stopped, but whoever waits shall know for whom. For calls of one
/// thread, one after the other.
/// </summary>
/// <typeparam name="TCall">What a call is told by.</typeparam>
internal sealed class CallWatch<TCall> : IDisposable
{
    private static readonly TimeSpan MostOften = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LeastOften = TimeSpan.FromSeconds(1);
    private readonly TimeSpan _limit;
    private readonly Action<TCall> _report;
    private readonly Timer? _timer;
    private Running? _running;

    /// <summary>Begins to watch.</summary>
    /// <param name="limit">What a call may take; <see cref="Timeout.InfiniteTimeSpan"/> for any time.</param>
    /// <param name="report">Told of each call that takes longer, once; from a thread of the pool while it runs.</param>
    public CallWatch(TimeSpan limit, Action<TCall> report)
    {
        _limit = limit;
        _report = report;
        if (limit == Timeout.InfiniteTimeSpan)
            return;
        TimeSpan period = TimeSpan.FromTicks(Math.Clamp(limit.Ticks / 4, MostOften.Ticks, LeastOften.Ticks));
        _timer = new Timer(_ => Look(Volatile.Read(ref _running)), null, period, period);
    }

    /// <summary>Makes a call.</summary>
    /// <param name="what">What it is told by.</param>
    /// <param name="call">The call; what it throws is passed on.</param>
    public T Run<T>(TCall what, Func<T> call)
    {
        Running? outer = _running;
        var running = new Running(what);
        Volatile.Write(ref _running, running);
        try
        {
            return call();
        }
        finally
        {
            Volatile.Write(ref _running, outer);
            Look(running);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Look(Running? running)
    {
        if (running is not null && _timer is not null && running.Elapsed > _limit && running.TellOnce())
            _report(running.What);
    }

    /// <summary>A call that was begun.</summary>
    private sealed class Running(TCall what)
    {
        private readonly long _started = Stopwatch.GetTimestamp();
        private int _told;

        public TCall What => what;

        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

        public bool TellOnce() => Interlocked.Exchange(ref _told, 1) == 0;
    }
}
