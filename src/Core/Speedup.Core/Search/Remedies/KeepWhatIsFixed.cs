using Speedup.Core.Propagation;
using Speedup.Core.Replacement;

namespace Speedup.Core.Search.Remedies;

/// <summary>Keeps the channels that are counted by sizes in the source, all that the attempt has shown.</summary>
internal sealed class KeepWhatIsFixed : IRemedy
{
    /// <inheritdoc/>
    public string Description => "keep channels that are counted in the source";

    /// <inheritdoc/>
    public SearchState? Apply(SearchState state, Failure failure, OperatorGraph graph)
    {
        if (failure.Kind != FailureKind.Diverged)
            return null;
        var ladder = new PinLadder(graph, failure.Plan, state);
        bool any = false;
        foreach (TraceMismatch mismatch in failure.Mismatches)
            any |= ladder.Keep(mismatch);
        return any ? ladder.State : null;
    }
}
