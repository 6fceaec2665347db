using Speedup.Core.Propagation;

namespace Speedup.Core.Search.Remedies;

/// <summary>Scatters no outputs.</summary>
internal sealed class WithoutScatter : IRemedy
{
    /// <inheritdoc/>
    public string Description => "scatter no outputs";

    /// <inheritdoc/>
    public SearchState? Apply(SearchState state, Failure failure, OperatorGraph graph) =>
        state.Scatters && failure.Kind is not FailureKind.Divided ? state with { Scatters = false } : null;
}
