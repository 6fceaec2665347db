namespace Speedup.Core.Reporting;

/// <summary>Comparison of the small model with the masked model.</summary>
/// <param name="MaxRelativeError">Largest relative error over all checks.</param>
/// <param name="Tolerance">The largest error that would have been accepted.</param>
/// <param name="Checks">One entry per input that both models ran on.</param>
public sealed record VerificationReport(double MaxRelativeError, double Tolerance, IReadOnlyList<VerificationCheck> Checks);
