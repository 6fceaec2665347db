namespace Speedup.Core.Graph;

/// <summary>A place that a condition leads to.</summary>
/// <param name="Name">The place, for people.</param>
/// <param name="Throws">Whether nothing happens there but that an exception is thrown.</param>
internal sealed record ConditionSide(string Name, bool Throws);
