using Speedup.Core.Graph;

namespace Speedup.Core.Reporting;

/// <summary>
/// A branch, loop, switch or index of the model's code that may come out otherwise in another pass. What stands behind an outcome was compared with
/// the masked model only where a verified pass came out so.
/// </summary>
/// <param name="Method">Class and method that it is in; of a lambda, a local function or an iterator the method that it is written in.</param>
/// <param name="Where">Source file and line; the offset in the method where the assembly has no symbols.</param>
/// <param name="Kind">What it depends on.</param>
/// <param name="Outcomes">The different places that it can lead to, the one straight on first; for an index that chooses among objects what it was.</param>
public sealed record ConditionReport(string Method, string Where, ConditionKind Kind, IReadOnlyList<ConditionOutcome> Outcomes)
{
    /// <summary>Whether each outcome was seen in a verified pass, apart from those that only throw.</summary>
    public bool IsVerified => Outcomes.All(outcome => outcome.Most > 0 || outcome.Throws);

    /// <summary>
    /// Whether it came out as often each way in all verified passes: a loop then always ran the same number of times, although that may
    /// be another one for another input.
    /// </summary>
    public bool IsAlwaysAlike => Outcomes.All(outcome => outcome.Fewest == outcome.Most);
}
