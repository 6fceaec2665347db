namespace EndToEnd.Tests.State;

/// <summary>A thread of its own, since gradients and dispose scopes belong to threads.</summary>
internal sealed class Worker
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Thread _thread;
    private Exception? _problem;

    /// <summary>Starts it.</summary>
    public Worker(Action action)
    {
        _thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception problem)
            {
                _problem = problem;
            }
        });
        _thread.Start();
    }

    /// <summary>Waits for its end, and throws what it threw.</summary>
    public void Join()
    {
        if (!_thread.Join(Patience))
            throw new TimeoutException("A thread of the test has not come to its end.");
        if (_problem is not null)
            throw new InvalidOperationException("A thread of the test has failed.", _problem);
    }
}
