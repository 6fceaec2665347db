using System.Text.Json;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Evaluation;
using Speedup.Pruning.Pipeline;
using Speedup.Pruning.Schedules;

namespace Speedup.Pruning.Stages;

/// <summary>Makes masks. Those of a stage before are multiplied into the weights that it looks at, and replaced.</summary>
/// <param name="maker">Makes them.</param>
/// <param name="options">How to prune.</param>
/// <param name="step">The step of a schedule that it stands for; null for the final sparsities.</param>
public sealed class PruneStage(MaskMaker maker, PruneOptions options, ScheduleStep? step = null) : IPipelineStage
{
    /// <inheritdoc/>
    public string Name => "prune";

    /// <inheritdoc/>
    public string Settings { get; } =
        JsonSerializer.Serialize(
            new
            {
                options.Pruner,
                options.Rules,
                options.Budget,
                options.GroupScore,
                options.Ranking,
                options.MaskedMembers,
                options.StatisticsSettings,
                Step = step?.ToString(),
            }
        );

    /// <inheritdoc/>
    public StageEffects Effects => StageEffects.Masks;

    /// <inheritdoc/>
    public void Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using (var applied = new AppliedMasks(context.Model, context.Masks ?? MaskSet.Empty))
            applied.Apply();
        MaskSet masks = maker.Make(options, context.Model, context.Original, step, context.Inputs, context.Seed, context.Cancellation);
        context.Masks = masks;
        context.Tell($"{masks.MeasureSparsity().Ratio:P1} of the masked parameters");
    }
}
