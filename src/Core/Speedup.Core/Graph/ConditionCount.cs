namespace Speedup.Core.Graph;

/// <summary>How often each outcome of a condition was seen in one pass.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Counts">For each of its sides; for an index how often it was seen.</param>
/// <param name="Indices">The least and the greatest index seen; null for a branch.</param>
internal sealed record ConditionCount(TracedCondition Condition, IReadOnlyList<long> Counts, (long Least, long Greatest)? Indices = null);
