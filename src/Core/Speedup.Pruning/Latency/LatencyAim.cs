namespace Speedup.Pruning.Latency;

/// <summary>
/// What to ask the tables for, so that the clock shows what is wanted: learns from each trial how far they are off, and stays between what was too slow and
/// too fast.
/// </summary>
internal sealed class LatencyAim
{
    private const double Least = 0.01;
    private const double Most = 0.99;
    private readonly double _wanted;
    private (double Predicted, double Measured)? _fast;
    private (double Predicted, double Measured)? _slow;

    /// <summary>Asks for what is wanted, first.</summary>
    /// <param name="wanted">The part of the time that the clock is to show.</param>
    public LatencyAim(double wanted) => _wanted = Next = wanted;

    /// <summary>The part of the time to ask for next.</summary>
    public double Next { get; private set; }

    /// <summary>Takes note of a trial.</summary>
    /// <param name="predicted">What the tables expected.</param>
    /// <param name="measured">What the clock showed.</param>
    public void Learn(double predicted, double measured)
    {
        if (measured > _wanted)
            _slow = (predicted, measured);
        else
            _fast = (predicted, measured);
        Next = Math.Clamp(Guess(predicted, measured), Least, Most);
    }

    private double Guess(double predicted, double measured)
    {
        if (_fast is not { } fast || _slow is not { } slow || slow.Predicted <= fast.Predicted)
            return predicted * _wanted / measured; // off by a factor, as far as is known
        double part = (_wanted - fast.Measured) / Math.Max(1e-9, slow.Measured - fast.Measured);
        return fast.Predicted + (part * (slow.Predicted - fast.Predicted));
    }
}
