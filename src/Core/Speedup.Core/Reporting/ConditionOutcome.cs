namespace Speedup.Core.Reporting;

/// <summary>One way in which a condition can come out.</summary>
/// <param name="LeadsTo">The line, or the offset in the method, at which the code then goes on; of an index the range of those seen.</param>
/// <param name="Fewest">How often it came out so in the verified pass in which it did least often.</param>
/// <param name="Most">How often in the pass in which it did most often; 0 where it never did.</param>
/// <param name="Throws">Whether the code then only throws an exception, so that there is no result to verify.</param>
public sealed record ConditionOutcome(string LeadsTo, long Fewest, long Most, bool Throws);
