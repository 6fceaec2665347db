using Speedup.Core.Probing;
using Speedup.Core.Propagation;

namespace Speedup.Core.Search.Remedies;

/// <summary>Takes functions without a handler for barriers, since running one showed what does not always hold.</summary>
internal sealed class WithoutProbing : IRemedy
{
    /// <inheritdoc/>
    public string Description => "take functions without a handler for barriers";

    /// <inheritdoc/>
    public SearchState? Apply(SearchState state, Failure failure, OperatorGraph graph) =>
        state.ProbesFunctions && graph.Operators.Any(op => op.Handler is ProbedFunction) ? state with { ProbesFunctions = false } : null;
}
