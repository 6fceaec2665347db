namespace Speedup.Core.Graph;

/// <summary>A place that a condition leads to.</summary>
/// <param name="Offset">The place, an offset in the method.</param>
/// <param name="Throws">Whether nothing happens there but that an exception is thrown.</param>
internal sealed record ConditionSide(int Offset, bool Throws);
