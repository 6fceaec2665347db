using Speedup.Abstractions;
using Speedup.Core.Replacement;
using Speedup.Core.Reporting;
using Speedup.Core.Search.Remedies;

namespace Speedup.Core.Search;

/// <summary>
/// Makes a small model that is right: plan, replace, look, verify; after a failure the first remedy that has something to offer changes what the
/// next attempt does. Handlers' exceptions end the search, since they say nothing of the model.
/// </summary>
internal sealed class SmallModelSearch(SearchContext context, SearchHooks hooks)
{
    private static readonly IRemedy[] Remedies =
    [
        new KeepSharedWhole(),
        new ChangeWidthFields(),
        new KeepWhatIsFixed(),
        new LeaveFieldsAlone(),
        new WithoutScatter(),
        new WithoutProbing(),
        new KeepStateAsItIs(),
        new KeepWhatDiffers(),
    ];

    private readonly AttemptRunner _runner = new(context);
    private readonly AttemptCheck _check = new(context);
    private readonly List<AttemptReport> _attempts = [];
    private Analysis? _analysis;

    /// <summary>Finds a verified small model, which is in the place of the model's modules until the result's attempt is disposed.</summary>
    /// <exception cref="SpeedupException">No attempt succeeded, or a handler failed.</exception>
    public SearchResult Run(CancellationToken cancellation)
    {
        var start = new SearchState { Scatters = context.Options.Scatters, ProbesFunctions = context.Options.ProbesFunctions };
        (SearchResult found, SearchState state) = Find(start, cancellation);
        if (!context.Options.MeasuresScatter || found.Attempt.Plan.Scatters.Count == 0)
            return found;
        double seconds;
        using (found.Attempt) // both cannot be in the model at once
            seconds = Measure(found.Attempt);
        (SearchResult plain, _) = Find(state with { Scatters = false }, cancellation);
        if (AttemptRunner.KeepIf(plain.Attempt, () => Measure(plain.Attempt)) <= seconds)
            return plain;
        plain.Attempt.Dispose();
        return Find(state, cancellation).Result;
    }

    private double Measure(Attempt attempt) => context.Clock.Run("verify", steps => _runner.MeasureForward(attempt, steps));

    private (SearchResult Result, SearchState State) Find(SearchState state, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Analysis analysis = Analyse(state, cancellation);
            context.Clock.BeginAttempt();
            (SearchResult? found, Failure? failure) = Try(analysis, state);
            if (found is not null)
                return (found, state);
            state = Help(analysis, state, failure!);
        }
    }

    private Analysis Analyse(SearchState state, CancellationToken cancellation)
    {
        if (_analysis?.ProbesFunctions == state.ProbesFunctions)
            return _analysis;
        _analysis = new Analysis(context, state.ProbesFunctions, cancellation);
        hooks.Analysed(_analysis);
        return _analysis;
    }

    private (SearchResult? Found, Failure? Failure) Try(Analysis analysis, SearchState state)
    {
        (Attempt? attempt, Failure? failure) = _runner.Try(analysis, analysis.Plan(state), state);
        if (attempt is null)
            return (null, failure);
        (VerificationReport? report, failure) = AttemptRunner.KeepIf(
            attempt,
            () =>
            {
                hooks.Replaced(analysis, attempt);
                return _check.Run(attempt, analysis.Graph);
            }
        );
        if (report is not null)
            return (new SearchResult(analysis, attempt, report, _attempts, state), null);
        attempt.Dispose();
        return failure!.Kind == FailureKind.Differs && !HasOtherRemedy(analysis, state, failure)
            ? (null, new DifferenceSearch(context, _runner).Locate(analysis, state, failure))
            : (null, failure);
    }

    /// <summary>Whether something helps for which it need not be known where outputs differ first.</summary>
    private static bool HasOtherRemedy(Analysis analysis, SearchState state, Failure failure) =>
        Remedies.Where(remedy => remedy is not KeepWhatDiffers).Any(remedy => remedy.Apply(state, failure, analysis.Graph) is not null);

    /// <summary>What to try next.</summary>
    /// <exception cref="SpeedupException">Nothing helps, or enough was tried.</exception>
    private SearchState Help(Analysis analysis, SearchState state, Failure failure)
    {
        (state, failure) = Settle(state, failure);
        int number = _attempts.Count + 1;
        foreach (IRemedy remedy in number < context.Options.MaxAttempts ? Remedies : [])
        {
            if (remedy.Apply(state, failure, analysis.Graph) is not { } next)
                continue;
            SearchLog.Attempted(context.Logger, number, failure.Reason, remedy.Description);
            _attempts.Add(new AttemptReport(number, failure.Reason, remedy.Description));
            return next;
        }
        throw failure.ToException();
    }

    /// <summary>Keeps guesses that let the model get past their calls, and forgets the others: what they were made for is to be kept.</summary>
    private static (SearchState State, Failure Failure) Settle(SearchState state, Failure failure)
    {
        if (state.Guesses.IsEmpty || failure.Kind is FailureKind.Divided)
            return (state, failure);
        bool isStructural = failure.Kind == FailureKind.Diverged;
        int stop = failure.Mismatches.LastOrDefault(mismatch => mismatch.Stopped)?.NodeId ?? int.MaxValue;
        HashSet<int> wrong = isStructural ? [.. failure.Mismatches.Select(mismatch => mismatch.NodeId)] : [];
        FieldGuess[] right = [.. state.Guesses.Where(guess => guess.Mismatch.NodeId < stop && !wrong.Contains(guess.Mismatch.NodeId))];
        IEnumerable<TraceMismatch> forgotten = state
            .Guesses.Where(guess => !right.Contains(guess))
            .Select(guess => guess.Mismatch)
            .Where(mismatch => !wrong.Contains(mismatch.NodeId));
        state = state with { Fields = state.Fields.AddRange(right.SelectMany(guess => guess.Fields)), Guesses = [] };
        return (state, failure with { Mismatches = [.. failure.Mismatches.Concat(forgotten).OrderBy(mismatch => mismatch.NodeId)] });
    }
}
