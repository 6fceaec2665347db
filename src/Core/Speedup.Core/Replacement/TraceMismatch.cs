namespace Speedup.Core.Replacement;

/// <summary>Where the small model first behaves otherwise than planned.</summary>
/// <param name="NodeId">Node of the original graph.</param>
/// <param name="Reason">What differs, with both sizes.</param>
internal sealed record TraceMismatch(int NodeId, string Reason);
