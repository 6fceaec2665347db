namespace Speedup.Core.Reporting;

/// <summary>One comparison.</summary>
/// <param name="Input">What was fed: "example", "fresh random", "second size", "other (0)".</param>
/// <param name="Shapes">Shapes of the inputs.</param>
/// <param name="RelativeError">Largest absolute difference divided by the largest absolute value of the masked output.</param>
public sealed record VerificationCheck(string Input, IReadOnlyList<IReadOnlyList<long>> Shapes, double RelativeError);
