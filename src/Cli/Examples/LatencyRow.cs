namespace Speedup.Cli.Examples;

/// <summary>One row of the latency table.</summary>
/// <param name="Times">Number of forward passes.</param>
/// <param name="MaskedSeconds">Seconds that the masked model needs for all of them together.</param>
/// <param name="SpeedupSeconds">Seconds that the small model needs.</param>
internal sealed record LatencyRow(int Times, double MaskedSeconds, double SpeedupSeconds)
{
    /// <summary>How many times faster the small model is.</summary>
    public double Ratio => MaskedSeconds / SpeedupSeconds;
}
