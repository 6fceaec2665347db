using Speedup.Core.Reporting;

namespace Speedup.Core.Search;

/// <summary>A small model that is right, and how it was found.</summary>
/// <param name="Analysis">What was inferred of the masked model.</param>
/// <param name="Attempt">The attempt that succeeded; its changes are in the model, not committed yet.</param>
/// <param name="Verification">Its comparison with the masked model.</param>
/// <param name="Attempts">All attempts.</param>
/// <param name="State">What the search had learnt by then.</param>
internal sealed record SearchResult(
    Analysis Analysis,
    Attempt Attempt,
    VerificationReport Verification,
    IReadOnlyList<AttemptReport> Attempts,
    SearchState State
);
