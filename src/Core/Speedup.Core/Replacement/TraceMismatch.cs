namespace Speedup.Core.Replacement;

/// <summary>A call of which the small model makes something else than planned.</summary>
/// <param name="NodeId">Node of the original graph; the number of nodes where it failed after the last call.</param>
/// <param name="Reason">What differs, with both sizes.</param>
/// <param name="Stopped">Whether the small model failed here, with an exception.</param>
internal sealed record TraceMismatch(int NodeId, string Reason, bool Stopped = false);
