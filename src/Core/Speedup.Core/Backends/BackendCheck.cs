namespace Speedup.Core.Backends;

/// <summary>Looks at the native library once, for whichever speedup comes first. Others wait for it meanwhile, and can be cancelled as they do.</summary>
/// <param name="look">Looks at it.</param>
internal sealed class BackendCheck(Func<BackendStatus> look) : IDisposable
{
    private readonly SemaphoreSlim _alone = new(1);
    private bool _isDone;

    /// <summary>Makes sure that it was looked at.</summary>
    /// <returns>What was found; null where another call has found it before.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public BackendStatus? Run(CancellationToken cancellation)
    {
        _alone.Wait(cancellation);
        try
        {
            if (_isDone)
                return null;
            BackendStatus found = look();
            _isDone = true;
            return found;
        }
        finally
        {
            _alone.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _alone.Dispose();
}
