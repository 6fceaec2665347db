namespace Speedup.Core.Tracing;

/// <summary>
/// Callbacks that run on threads of the model's own, where an exception that nobody catches ends the process. While a trace runs, it takes the
/// exception and counts as failed: an input that the engine made up must not end anything.
/// </summary>
internal static class OwnThreads
{
    /// <summary>Whether delegates of a type run on threads whose exceptions reach nobody. Those of tasks reach who waits for the task.</summary>
    public static bool AreRunBy(Type delegateType) =>
        delegateType == typeof(ThreadStart)
        || delegateType == typeof(ParameterizedThreadStart)
        || delegateType == typeof(WaitCallback)
        || delegateType == typeof(WaitOrTimerCallback)
        || delegateType == typeof(TimerCallback);

    /// <summary>The callback, with an exception filter.</summary>
    /// <param name="callback">A delegate of one of the types.</param>
    /// <param name="takes">Whether somebody takes the exception; else it does what it did without us.</param>
    public static Delegate Guard(Delegate callback, Func<Exception, bool> takes)
    {
        return callback switch
        {
            ThreadStart run => new ThreadStart(() => Run(run.Invoke)),
            ParameterizedThreadStart run => new ParameterizedThreadStart(state => Run(() => run(state))),
            WaitCallback run => new WaitCallback(state => Run(() => run(state))),
            WaitOrTimerCallback run => new WaitOrTimerCallback((state, timedOut) => Run(() => run(state, timedOut))),
            TimerCallback run => new TimerCallback(state => Run(() => run(state))),
            _ => callback,
        };

        void Run(Action run)
        {
            try
            {
                run();
            }
            catch (Exception failure) when (takes(failure)) { } // it fails the pass
        }
    }
}
