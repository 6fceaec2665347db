namespace Speedup.Core.Monitoring;

/// <summary>Counts the steps of a phase that is running, tells of each, and ends the phase at the next one after a cancellation.</summary>
/// <param name="tell">Told how many steps are done, of how many.</param>
/// <param name="cancellation">Looked at with every step.</param>
internal sealed class PhaseSteps(Action<int, int> tell, CancellationToken cancellation)
{
    private int _done;
    private int _total = 1;

    /// <summary>Says how many steps there are, or that there are more than was thought; never fewer.</summary>
    public void Expect(int total)
    {
        _total = Math.Max(_total, total);
        tell(_done, _total);
    }

    /// <summary>A step is about to be made that may not have been counted.</summary>
    public void ExpectOne() => Expect(_done + 1);

    /// <summary>A step is done.</summary>
    public void Next()
    {
        cancellation.ThrowIfCancellationRequested();
        _total = Math.Max(_total, ++_done);
        tell(_done, _total);
    }

    /// <summary>All steps are done, whether or not each was told.</summary>
    public void End()
    {
        if (_done < _total)
            tell(_done = _total, _total);
    }
}
