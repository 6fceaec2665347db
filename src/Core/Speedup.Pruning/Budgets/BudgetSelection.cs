using System.Globalization;
using Speedup.Pruning.Abstractions;

namespace Speedup.Pruning.Budgets;

/// <summary>
/// Chooses the groups that a model can best do without under a budget: of all widths, again and again, that which saves most for the importance it
/// loses. The knapsack of HALP (Shen et al., NeurIPS 2022): an item is the least important channels of a layer that are left, so that a
/// channel goes only after all lesser ones, and its price is what the layer then costs less.
/// </summary>
public static class BudgetSelection
{
    private const int Rungs = 32;

    /// <summary>Chooses under a budget of multiply-accumulates or parameters.</summary>
    /// <param name="widths">What goes together in the model, and what it costs.</param>
    /// <param name="scores">Scores of the groups that may go; see <see cref="GroupScores.Of"/>.</param>
    /// <param name="targets">Minimum, multiple and largest sparsity by layer; sparsities do not matter.</param>
    /// <param name="budget">The budget.</param>
    /// <param name="cancellation">Looked at between steps.</param>
    /// <returns>The choice; at most as much is left as the budget allows.</returns>
    /// <exception cref="PruningException">The budget is none (SPD9051), or what may go is not enough (SPD9052).</exception>
    public static BudgetChoice Choose(
        ModelWidths widths,
        IReadOnlyDictionary<int, double> scores,
        PruningTargets targets,
        PruningBudget budget,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(widths);
        ArgumentNullException.ThrowIfNull(budget);
        budget.Check();
        IReadOnlyList<CostTerm> terms = budget.Measure switch
        {
            BudgetMeasure.Macs => widths.Costs.Macs,
            BudgetMeasure.Parameters => widths.Costs.Parameters,
            _ => throw new PruningException(BudgetCodes.NoBudget, "A latency is measured, not counted: use LatencyBudget."),
        };
        return Choose(widths, scores, targets, [.. terms.Select(term => new ProductTerm(term))], budget, budget.Fraction, cancellation);
    }

    /// <summary>Chooses under a cost of any kind.</summary>
    internal static BudgetChoice Choose(
        ModelWidths widths,
        IReadOnlyDictionary<int, double> scores,
        PruningTargets targets,
        IReadOnlyList<BudgetTerm> terms,
        PruningBudget budget,
        double fraction,
        CancellationToken cancellation
    )
    {
        var state = new CostState(terms);
        double before = state.Total;
        double limit = before * fraction;
        IReadOnlyList<WidthLadder> ladders = Ladders(widths, scores, targets, budget.NormalizesScores);
        while (state.Total > limit)
        {
            cancellation.ThrowIfCancellationRequested();
            (WidthLadder Ladder, int Pause)? best = FindBest(ladders, state);
            if (best is not { } step)
                throw OutOfReach(budget, state.Total / before);
            int pause = Shorten(step.Ladder, step.Pause, state, limit);
            state.Remove(step.Ladder.UpTo(pause));
            step.Ladder.MoveTo(pause);
        }
        GiveBack(ladders, state, limit);
        return new BudgetChoice(ladders.SelectMany(ladder => ladder.BackTo(0)).ToHashSet(), before, state.Total);
    }

    /// <summary>The step that loses least importance for what it saves: of each width, of all pauses ahead.</summary>
    private static (WidthLadder, int)? FindBest(IReadOnlyList<WidthLadder> ladders, CostState state)
    {
        (WidthLadder, int)? best = null;
        double least = double.PositiveInfinity;
        foreach (WidthLadder ladder in ladders)
        foreach (int pause in Ahead(ladder))
        {
            double saving = state.Saving(ladder.UpTo(pause));
            double price = saving > 0 ? ladder.Loss(pause) / saving : double.PositiveInfinity;
            if (price < least)
                (best, least) = ((ladder, pause), price);
        }
        return best;
    }

    /// <summary>Some pauses ahead of a width, evenly spread.</summary>
    private static IEnumerable<int> Ahead(WidthLadder ladder)
    {
        int[] ahead = [.. ladder.Pauses.SkipWhile(pause => pause <= ladder.Gone)];
        int stride = Math.Max(1, ladder.Pauses.Count / Rungs);
        for (int i = Math.Min(stride, ahead.Length) - 1; i >= 0 && i < ahead.Length; i += stride)
            yield return ahead[i];
    }

    /// <summary>The first pause on the way at which the budget is met; the whole way where it is not met before.</summary>
    private static int Shorten(WidthLadder ladder, int pause, CostState state, double limit)
    {
        double excess = state.Total - limit;
        if (state.Saving(ladder.UpTo(pause)) < excess)
            return pause;
        return ladder.Pauses.First(stop => stop > ladder.Gone && (stop == pause || state.Saving(ladder.UpTo(stop)) >= excess));
    }

    /// <summary>Puts back what the last steps took too much of: first that which is worth most.</summary>
    private static void GiveBack(IReadOnlyList<WidthLadder> ladders, CostState state, double limit)
    {
        while (FindReturn(ladders, state, limit) is { } step)
        {
            state.Restore(step.Ladder.BackTo(step.Pause));
            step.Ladder.MoveTo(step.Pause);
        }
    }

    private static (WidthLadder Ladder, int Pause)? FindReturn(IReadOnlyList<WidthLadder> ladders, CostState state, double limit)
    {
        (WidthLadder, int)? best = null;
        double most = 0;
        foreach (WidthLadder ladder in ladders.Where(ladder => ladder.Gone > 0))
        foreach (int pause in ladder.Pauses.TakeWhile(pause => pause < ladder.Gone).Prepend(0).Reverse())
        {
            IReadOnlyList<int> groups = ladder.BackTo(pause);
            state.Restore(groups);
            double cost = state.Total;
            state.Remove(groups);
            if (cost > limit)
                break; // further back costs more
            if (ladder.Gain(pause) > most)
                (best, most) = ((ladder, pause), ladder.Gain(pause));
        }
        return best;
    }

    private static IReadOnlyList<WidthLadder> Ladders(
        ModelWidths widths,
        IReadOnlyDictionary<int, double> scores,
        PruningTargets targets,
        bool areRelative
    )
    {
        Dictionary<string, PruningTarget> byPath = targets.Layers.ToDictionary(layer => layer.ModulePath);
        return
        [
            .. widths
                .Widths.Select(width => new WidthLadder(
                    width,
                    scores,
                    [.. width.Layers.Concat(width.Scales).Where(byPath.ContainsKey).Select(path => byPath[path])],
                    areRelative
                ))
                .Where(ladder => ladder.Pauses.Count > 0),
        ];
    }

    private static PruningException OutOfReach(PruningBudget budget, double left) =>
        new(
            BudgetCodes.OutOfReach,
            string.Create(
                CultureInfo.InvariantCulture,
                $"A budget of {budget.Fraction:0.###} of the {budget.Measure.ToString().ToLowerInvariant()} is out of reach: with all that may go, {left:0.###} are "
                    + $"left. Prune more layers, or lower the minimum that is kept."
            )
        );
}
