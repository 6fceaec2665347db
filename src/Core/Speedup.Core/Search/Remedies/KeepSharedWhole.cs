using Speedup.Core.Propagation;

namespace Speedup.Core.Search.Remedies;

/// <summary>Keeps parameters whole that modules share, and that their smaller forms could not share again.</summary>
internal sealed class KeepSharedWhole : IRemedy
{
    /// <inheritdoc/>
    public string Description => "keep shared parameters whole";

    /// <inheritdoc/>
    public SearchState? Apply(SearchState state, Failure failure, OperatorGraph graph) =>
        failure.Divided.Any(tensor => !state.Whole.Contains(tensor)) ? state with { Whole = state.Whole.Union(failure.Divided) } : null;
}
