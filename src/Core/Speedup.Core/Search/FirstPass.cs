using Speedup.Core.Models;
using Speedup.Core.Tracing;

namespace Speedup.Core.Search;

/// <summary>The first pass of a masked model, which shows what kind of passes there are to be.</summary>
/// <param name="Traced">The pass: of one call, or of several in a row, where a call leaves anything to the next.</param>
/// <param name="Calls">What calls passes are made of.</param>
/// <param name="Changes">What one call has written.</param>
/// <param name="Note">What the user is to know of it; null where calls leave nothing behind.</param>
internal sealed record FirstPass(TraceResult Traced, CallSequence Calls, StateChanges Changes, string? Note)
{
    /// <summary>The first call shows what an empty state leads to, the second what a filled one does, and the third whether that goes on.</summary>
    private const int CallsInARow = 3;
    private const int MostPlaces = 5;

    /// <summary>Runs one call, and if that writes anything, several in a row, without putting back in between what they write.</summary>
    /// <param name="trace">Traces a pass on the example input; its result may tell of a failure.</param>
    /// <param name="state">What the model holds; it learns whether the model draws random numbers.</param>
    /// <param name="inventory">The model.</param>
    /// <param name="cancellation">Cancels between passes.</param>
    public static FirstPass Run(
        Func<CallSequence, TraceResult> trace,
        EvaluationScope state,
        ModelInventory inventory,
        CancellationToken cancellation
    )
    {
        StateChanges changes;
        TraceResult single;
        using (StateSnapshot before = state.Take(inventory))
        {
            single = before.Run(() => trace(CallSequence.Single));
            changes = before.Changes;
        }
        state.NoteDraws(single);
        if (single.Failure is not null || !changes.Any)
            return new FirstPass(single, CallSequence.Single, changes, null);
        return RunSeveral(trace, single, changes, state, inventory, cancellation);
    }

    private static FirstPass RunSeveral(
        Func<CallSequence, TraceResult> trace,
        TraceResult single,
        StateChanges changes,
        EvaluationScope state,
        ModelInventory inventory,
        CancellationToken cancellation
    )
    {
        using StateSnapshot held = state.Take(inventory);
        string written = Describe(changes);
        foreach (bool permutes in new[] { true, false })
        {
            cancellation.ThrowIfCancellationRequested();
            var calls = new CallSequence(CallsInARow, permutes);
            TraceResult several = held.Run(() => trace(calls));
            if (several.Failure is null)
                return new FirstPass(
                    several,
                    calls,
                    changes,
                    $"A call writes {written}: {CallsInARow} calls in a row were verified on each input, and what they write counts as constant nowhere."
                );
        }
        return new FirstPass(
            single,
            CallSequence.Single,
            changes,
            $"A call writes {written}, and the model fails when it is called again: only first calls were verified."
        );
    }

    private static string Describe(StateChanges changes) =>
        string.Join(", ", changes.Places.Take(MostPlaces))
        + (changes.Places.Count > MostPlaces ? $" and {changes.Places.Count - MostPlaces} more" : "");
}
