using System.Runtime.InteropServices;

namespace Speedup.Cli.Terminals;

/// <summary>
/// Ctrl-C, and what a supervisor stops a process with. The command is asked to stop, and ends by itself if it can; a pass of a large model may be within one
/// native call for minutes, so that after a moment the process ends with whatever it is doing. It has changed nothing but files, and those are whole.
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>What is left of the 200 ms in which a person sees an answer goes to the end of the process.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(25);
    private readonly Terminal _terminal;
    private readonly CancellationTokenSource _source = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly PosixSignalRegistration[] _signals;

    /// <summary>Listens from now on.</summary>
    public Interruption(Terminal terminal)
    {
        _terminal = terminal;
        ProcessExit.Prepare();
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
    }

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The command has ended.</summary>
    public void Dispose()
    {
        _ended.Set();
        foreach (PosixSignalRegistration signal in _signals)
            signal.Dispose();
    }

    /// <summary>Runs on a thread of its own: those of the pool may all be waiting for native calls.</summary>
    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _ = _source.CancelAsync();
        if (_ended.Wait(Grace))
            return;
        _terminal.ClearProgress();
        _terminal.PendingFiles.Discard();
        new ErrorReporter(_terminal.Error).Report(new OperationCanceledException(), verbose: false);
        ProcessExit.Now(ExitCode.Cancelled);
    }
}
