using Speedup.Core.Propagation;

namespace Speedup.Core.Search;

/// <summary>Something that may help after a failure.</summary>
internal interface IRemedy
{
    /// <summary>What it does, for the log and the report: a verb phrase.</summary>
    string Description { get; }

    /// <summary>What to try next; null where it has nothing to offer.</summary>
    /// <param name="state">What was tried.</param>
    /// <param name="failure">How it failed.</param>
    /// <param name="graph">The operators that were planned with.</param>
    SearchState? Apply(SearchState state, Failure failure, OperatorGraph graph);
}
