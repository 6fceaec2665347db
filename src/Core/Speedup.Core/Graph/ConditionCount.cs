namespace Speedup.Core.Graph;

/// <summary>How often each outcome of a condition was seen in one pass.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Counts">For each of its sides.</param>
internal sealed record ConditionCount(TracedCondition Condition, IReadOnlyList<long> Counts);
