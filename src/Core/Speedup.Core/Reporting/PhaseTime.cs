namespace Speedup.Core.Reporting;

/// <summary>Time of one phase.</summary>
/// <param name="Phase">Name of the phase.</param>
/// <param name="Elapsed">Wall-clock time.</param>
public sealed record PhaseTime(string Phase, TimeSpan Elapsed);
