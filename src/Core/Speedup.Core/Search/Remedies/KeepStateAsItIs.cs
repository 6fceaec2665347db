using Speedup.Core.Graph;
using Speedup.Core.Propagation;

namespace Speedup.Core.Search.Remedies;

/// <summary>Keeps all that meets what calls of the model leave to later ones.</summary>
internal sealed class KeepStateAsItIs : IRemedy
{
    /// <inheritdoc/>
    public string Description => "keep what meets the state that calls leave behind";

    /// <inheritdoc/>
    public SearchState? Apply(SearchState state, Failure failure, OperatorGraph graph) =>
        !state.KeepsState && failure.Kind != FailureKind.Divided && graph.Graph.Nodes.Any(node => node.Kind == NodeKind.State)
            ? state with
            {
                KeepsState = true,
            }
            : null;
}
