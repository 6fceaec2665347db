using System.Globalization;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Evaluation;

namespace Speedup.Pruning.Sensitivity;

/// <summary>
/// Tries what each layer can do without: masks one layer at a time, as far as each of some sparsities, and measures (Li et al., "Pruning Filters for Efficient
/// ConvNets", ICLR 2017, section 3.2). Layers that go together are one where the request has their widths.
/// </summary>
public static class SensitivityAnalysis
{
    /// <summary>Runs all evaluations, one after the other.</summary>
    /// <param name="request">What to try.</param>
    /// <param name="cancellation">Looked at before each evaluation, and handed to it and to the pruner.</param>
    /// <returns>The metrics of each.</returns>
    /// <exception cref="PruningException">The request asks for nothing, or for what cannot be (SPD9210); or the pruner's own errors.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled. The model is what it was, as after any other exception.</exception>
    public static SensitivityTable Run(SensitivityRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        Check(request);
        PruningTargets[] units = UnitsOf(request);
        using var state = new ModelState(request.Model);
        var counter = new Counter(request, 1 + (units.Length * request.Sparsities.Count));
        ModelMetrics whole = Measure(request, state, MaskSet.Empty, counter, cancellation);
        var rows = new List<SensitivityRow>();
        foreach (PruningTargets unit in units)
        foreach (double sparsity in request.Sparsities)
        {
            cancellation.ThrowIfCancellationRequested();
            using MaskSet masks = request.Pruner.Prune(RequestOf(request, unit, sparsity), cancellation);
            ModelMetrics metrics = Measure(request, state, masks, counter, cancellation);
            rows.Add(new SensitivityRow(PathsOf(unit), sparsity, masks.MeasureSparsity().Ratio, metrics));
        }
        return new SensitivityTable(whole, rows);
    }

    private static void Check(SensitivityRequest request)
    {
        if (request.Sparsities.Count == 0 || request.Sparsities.Any(sparsity => !(sparsity > 0 && sparsity < 1)))
            throw new PruningException(
                SensitivityCodes.BadRequest,
                $"Sensitivity at {string.Join(", ", request.Sparsities.Select(sparsity => sparsity.ToString(CultureInfo.InvariantCulture)))} cannot be measured. "
                    + "Give one or more sparsities, each more than 0 and less than 1."
            );
        if (request is { GroupScore: not GroupScore.None, Widths: null })
            throw new PruningException(
                SensitivityCodes.BadRequest,
                $"GroupScore is {request.GroupScore}, and there are no widths. Set Widths to what IModelSpeedup.Groups returns, or GroupScore to None."
            );
    }

    /// <summary>What is masked together: a layer, or all targets of a width.</summary>
    private static PruningTargets[] UnitsOf(SensitivityRequest request)
    {
        var any = new PruningRule { Sparsity = 0 };
        IReadOnlyList<PruningRule> rules = [.. (request.Rules ?? [any]).Select(rule => rule.Exclude ? rule : rule with { Sparsity = 0 })];
        PruningTargets all = PruningTargets.Resolve(request.Model, rules, request.Pruner.DefaultOpTypes);
        PruningTargets[] units =
            request.GroupScore == GroupScore.None
                ? [.. all.Layers.Select(layer => all with { Layers = [layer] })]
                :
                [
                    .. request
                        .Widths!.Widths.Where(width => width.CanShrink)
                        .Select(width =>
                            all with
                            {
                                Layers = [.. all.Layers.Where(layer => width.Layers.Concat(width.Scales).Contains(layer.ModulePath))],
                            }
                        )
                        .Where(unit => unit.Layers.Count > 0),
                ];
        return units.Length > 0
            ? units
            : throw new PruningException(
                SensitivityCodes.BadRequest,
                $"No layer of {request.Model.GetType().Name} that the rules are about can be pruned. Give rules that fit more of it."
            );
    }

    private static PruningRequest RequestOf(SensitivityRequest request, PruningTargets unit, double sparsity) =>
        new()
        {
            Model = request.Model,
            Targets = unit with { Layers = [.. unit.Layers.Select(layer => layer with { Sparsity = sparsity })] },
            Widths = request.Widths,
            Ranking = PruningRanking.PerLayer,
            GroupScore = request.GroupScore,
            Statistics = request.Statistics,
            Seed = request.Seed,
        };

    private static string[] PathsOf(PruningTargets unit) => [.. unit.Layers.Select(layer => layer.ModulePath)];

    private static ModelMetrics Measure(
        SensitivityRequest request,
        ModelState state,
        MaskSet masks,
        Counter counter,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            using var applied = new AppliedMasks(request.Model, masks);
            applied.Apply();
            ModelMetrics metrics = request.Evaluate(new EvaluationContext(request.Model, request.Settings, cancellation));
            counter.Next();
            return metrics;
        }
        finally
        {
            state.Restore();
        }
    }

    private sealed class Counter(SensitivityRequest request, int total)
    {
        private int _done;

        public void Next() => request.Progress?.Report(new SensitivityProgress(++_done, total));
    }
}
