using System.Globalization;
using Speedup.Core.Pipeline;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Budgets;
using static TorchSharp.torch;

namespace Speedup.Pruning.Latency;

/// <summary>
/// Chooses the groups that a model can best do without to run in a part of its time on this machine: HALP (Shen et al., NeurIPS 2022) with tables that
/// are measured on the spot. The small model is then timed, and the choice made anew until the time is met.
/// </summary>
/// <param name="speedup">The engine.</param>
/// <param name="options">How to measure; null for the defaults.</param>
/// <param name="speedupOptions">Options of the speedups; null for the host's.</param>
public sealed class LatencyBudget(IModelSpeedup speedup, LatencyOptions? options = null, SpeedupOptions? speedupOptions = null)
{
    private readonly LatencyOptions _options = options ?? new LatencyOptions();

    /// <summary>Chooses; the model is bit for bit what it was.</summary>
    /// <param name="request">Model, widths, targets (minimum, multiple, largest sparsity) and what is masked of a group.</param>
    /// <param name="inputs">Example inputs of <c>forward</c>, in order: those that the latency is about.</param>
    /// <param name="scores">Scores of the groups that may go; see <see cref="GroupScores.Of"/>.</param>
    /// <param name="budget">The budget, of <see cref="BudgetMeasure.Latency"/>.</param>
    /// <param name="cancellation">Looked at between passes.</param>
    /// <returns>The choice, with all that was measured.</returns>
    /// <exception cref="PruningException">
    /// The budget is none (SPD9051), what may go is not enough (SPD9052), or no small model that was tried took that time (SPD9053).
    /// </exception>
    public LatencyChoice Choose(
        PruningRequest request,
        IReadOnlyList<Tensor> inputs,
        IReadOnlyDictionary<int, double> scores,
        PruningBudget budget,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(budget);
        budget.Check();
        if (budget.Measure != BudgetMeasure.Latency)
            throw new PruningException(
                BudgetCodes.NoBudget,
                $"A budget of {budget.Measure} is counted, not measured: use BudgetSelection."
            );
        ModelWidths widths =
            request.Widths
            ?? throw new PruningException(BudgetCodes.NoBudget, "A budget needs the widths of the model: set PruningRequest.Widths.");
        LatencyTable table = new LatencyTables(speedup, _options, speedupOptions).Find(request, inputs, scores, cancellation);
        return Search(request, inputs, scores, budget, LatencyTables.ToTerms(table, widths), cancellation);
    }

    private LatencyChoice Search(
        PruningRequest request,
        IReadOnlyList<Tensor> inputs,
        IReadOnlyDictionary<int, double> scores,
        PruningBudget budget,
        IReadOnlyList<BudgetTerm> terms,
        CancellationToken cancellation
    )
    {
        var trials = new List<LatencyTrial>();
        var aim = new LatencyAim(budget.Fraction);
        double dense = Time(request, inputs, MaskSet.Empty, cancellation);
        while (trials.Count < _options.MaxTrials)
        {
            BudgetChoice choice = Choose(request, scores, budget, terms, aim.Next, trials, cancellation);
            using MaskSet masks = GroupMasks.Make(request.Model, request.Widths!, choice.Gone, request.MaskedMembers);
            double small = Time(request, inputs, masks, cancellation);
            double after = Time(request, inputs, MaskSet.Empty, cancellation);
            var trial = new LatencyTrial(choice.Fraction, (dense + after) / 2, small);
            dense = after;
            trials.Add(trial);
            if (Math.Abs(trial.Fraction - budget.Fraction) <= budget.Tolerance * budget.Fraction)
                return new LatencyChoice(choice.Gone, trials);
            aim.Learn(choice.Fraction, trial.Fraction);
        }
        throw Missed(budget, trials);
    }

    private static BudgetChoice Choose(
        PruningRequest request,
        IReadOnlyDictionary<int, double> scores,
        PruningBudget budget,
        IReadOnlyList<BudgetTerm> terms,
        double fraction,
        IReadOnlyList<LatencyTrial> trials,
        CancellationToken cancellation
    )
    {
        try
        {
            return BudgetSelection.Choose(request.Widths!, scores, request.Targets, terms, budget, fraction, cancellation);
        }
        catch (PruningException refused) when (refused.Code == BudgetCodes.OutOfReach && trials.Count > 0)
        {
            throw Missed(budget, trials, refused); // by the tables it was in reach: the clock wants more
        }
    }

    private double Time(PruningRequest request, IReadOnlyList<Tensor> inputs, MaskSet masks, CancellationToken cancellation) =>
        speedup.Preview(
            request.Model,
            inputs,
            masks,
            _ => PassTimes.Measure(request.Model, inputs, _options.Passes, cancellation),
            speedupOptions,
            cancellation
        );

    private static PruningException Missed(PruningBudget budget, IReadOnlyList<LatencyTrial> trials, Exception? cause = null)
    {
        string took = string.Join(", ", trials.Select(trial => trial.Fraction.ToString("0.###", CultureInfo.InvariantCulture)));
        return new PruningException(
            BudgetCodes.LatencyMissed,
            string.Create(
                CultureInfo.InvariantCulture,
                $"A latency of {budget.Fraction:0.###} of the dense model's was not met within {budget.Tolerance:P0}: the small models that were tried took {took}. "
            ) + "Stop other work on this machine, ask for more passes, or allow a larger tolerance.",
            cause
        );
    }
}
