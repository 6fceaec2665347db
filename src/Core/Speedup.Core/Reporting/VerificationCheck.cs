namespace Speedup.Core.Reporting;

/// <summary>One comparison.</summary>
/// <param name="Input">What was fed: "example", "fresh random", "large numbers", "small numbers and zeros", "second size", "other (0)".</param>
/// <param name="Shapes">Shapes of the inputs.</param>
/// <param name="RelativeError">Largest absolute difference divided by the largest absolute value of the masked output.</param>
public sealed record VerificationCheck(string Input, IReadOnlyList<IReadOnlyList<long>> Shapes, double RelativeError)
{
    /// <summary>
    /// What limits the comparison on this input: outputs of the masked model that are not finite, or that change more than the tolerance when
    /// the input does in its last digits. Null where every number was compared.
    /// </summary>
    public string? Note { get; init; }
}
