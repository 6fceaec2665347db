using Speedup.Core.Propagation;

namespace Speedup.Core.Search.Remedies;

/// <summary>
/// Keeps what the first call reads and makes whose result differs on an input of another size, scale or call. On the example's own size it does
/// not help: a handler is at fault there, and is named.
/// </summary>
internal sealed class KeepWhatDiffers : IRemedy
{
    /// <inheritdoc/>
    public string Description => "keep what stands at the first result that differs";

    /// <inheritdoc/>
    public SearchState? Apply(SearchState state, Failure failure, OperatorGraph graph)
    {
        if (failure.Kind is not (FailureKind.Differs or FailureKind.Refused) || failure.Input is not { IsVariant: true } input)
            return null;
        string reason = $"the small model differs on the {input.Name} input from there on";
        var ladder = new PinLadder(graph, failure.Plan, state);
        foreach (GraphOperator op in graph.Operators.Skip(failure.FirstDifference ?? 0).Take(failure.FirstDifference is null ? 0 : 1))
        {
            if (ladder.KeepAt(op, reason))
                return ladder.State;
        }
        return ladder.KeepEverything(reason) ? ladder.State : null;
    }
}
