using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Budgets;
using Speedup.Pruning.Latency;
using Speedup.Pruning.Schedules;
using static TorchSharp.torch;

namespace Speedup.Pruning.Stages;

/// <summary>Makes masks by <see cref="PruneOptions"/>: finds the pruner, asks the engine what goes together, and keeps a budget.</summary>
/// <param name="pruners">All pruners.</param>
/// <param name="speedup">The engine.</param>
public sealed class MaskMaker(PrunerRegistry pruners, IModelSpeedup speedup)
{
    /// <summary>Makes masks.</summary>
    /// <param name="options">How to prune.</param>
    /// <param name="model">The model; not changed.</param>
    /// <param name="inputs">Example inputs of <c>forward</c>; see <see cref="PruneOptions.NeedsInputs"/>.</param>
    /// <param name="seed">Seed of what the pruner draws.</param>
    /// <param name="cancellation">Handed to pruner and engine.</param>
    /// <returns>The masks; they belong to the caller.</returns>
    /// <exception cref="PruningException">There is no such pruner, a rule fits nothing, or the budget is out of reach.</exception>
    public MaskSet Make(
        PruneOptions options,
        nn.Module model,
        IReadOnlyList<Tensor> inputs,
        long seed = 0,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(model);
        return Make(options, model, model, null, inputs, seed, cancellation);
    }

    /// <summary>Makes the masks of a step, in a model that earlier steps may have made small.</summary>
    internal MaskSet Make(
        PruneOptions options,
        nn.Module model,
        nn.Module original,
        ScheduleStep? step,
        IReadOnlyList<Tensor> inputs,
        long seed,
        CancellationToken cancellation
    )
    {
        IPruner pruner = pruners.Get(options.Pruner);
        PruningTargets targets = ScheduledTargets.Of(
            PruningTargets.Resolve(original, options.Rules, pruner.DefaultOpTypes),
            PruningTargets.Resolve(model, options.Rules, pruner.DefaultOpTypes),
            step,
            options.Ranking ?? (pruner as ChannelPruner)?.Ranking ?? PruningRanking.PerLayer
        );
        var request = new PruningRequest
        {
            Model = model,
            Targets = targets,
            Widths = options.NeedsInputs ? speedup.Groups(model, inputs, cancellation) : null,
            Ranking = options.Ranking,
            GroupScore = options.Budget is not null && options.GroupScore == GroupScore.None ? GroupScore.Sum : options.GroupScore,
            MaskedMembers = options.MaskedMembers,
            Statistics = options.CreateStatistics?.Invoke(),
            Seed = seed,
        };
        return options.Budget is { } budget
            ? MakeWithin(budget, pruner, request, inputs, cancellation)
            : pruner.Prune(request, cancellation);
    }

    private MaskSet MakeWithin(
        PruningBudget budget,
        IPruner pruner,
        PruningRequest request,
        IReadOnlyList<Tensor> inputs,
        CancellationToken cancellation
    )
    {
        if (pruner is not IChannelPruner scorer)
            throw new PruningException(
                StageCodes.NoScores,
                $"Pruner '{pruner.Name}' does not score channels, and a budget chooses by scores. Take one that does, such as 'l1', or leave the budget out."
            );
        IReadOnlyDictionary<int, double> scores = GroupScores.Of(request, scorer.Score(request, cancellation));
        IReadOnlySet<int> gone =
            budget.Measure == BudgetMeasure.Latency
                ? new LatencyBudget(speedup).Choose(request, inputs, scores, budget, cancellation).Gone
                : BudgetSelection.Choose(request.Widths!, scores, request.Targets, budget, cancellation).Gone;
        return GroupMasks.Make(request.Model, request.Widths!, gone, request.MaskedMembers);
    }
}
