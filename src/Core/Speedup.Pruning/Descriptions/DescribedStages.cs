using System.Text.Json;
using Speedup.Core.Pipeline;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Budgets;
using Speedup.Pruning.Hosting;
using Speedup.Pruning.Pipeline;
using Speedup.Pruning.Schedules;
using Speedup.Pruning.Stages;

namespace Speedup.Pruning.Descriptions;

/// <summary>Builds what a description says.</summary>
/// <param name="methods">Where its methods are.</param>
public sealed class DescribedStages(IDescribedMethods methods)
{
    /// <summary>Names the pipeline, and adds its stages.</summary>
    /// <param name="builder">Where they go.</param>
    /// <param name="description">The description.</param>
    /// <exception cref="PipelineException">Members of it do not go together (SPD9231).</exception>
    public void AddTo(PipelineBuilder builder, PipelineDescription description)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(description);
        builder.Named(description.Name).WithSeed(description.Seed);
        Add(builder, description.Stages);
    }

    private void Add(PipelineBuilder builder, IReadOnlyList<StageDescription> stages)
    {
        foreach (StageDescription stage in stages)
            Add(builder, stage);
    }

    private PipelineBuilder Add(PipelineBuilder builder, StageDescription stage) =>
        stage switch
        {
            PruneDescription prune => builder.Prune(OptionsOf(prune)),
            FineTuneDescription train => builder.FineTune(methods.FindTraining(train.Method), SettingsOf(train.Settings)),
            EvaluateDescription evaluate => builder.Evaluate(methods.FindEvaluation(evaluate.Method), SettingsOf(evaluate.Settings)),
            SpeedupDescription speedup => builder.Speedup(
                new SpeedupOptions
                {
                    Strict = speedup.Strict,
                    Scatter = speedup.Scatter ? ScatterPolicy.WhereFewerMacs : ScatterPolicy.Never,
                }
            ),
            SaveDescription save => builder.Save(save.Path),
            IterateDescription iterate => builder.Iterate(
                StepsOf(iterate),
                ScheduleOf(iterate.Schedule),
                inner => Add(inner, iterate.Stages)
            ),
            _ => throw new PipelineException(DescriptionCodes.BadMembers, $"{stage.GetType().Name} is no stage that can be described."),
        };

    private PruneOptions OptionsOf(PruneDescription prune)
    {
        if (prune is { Sparsity: not null, Rules: not null } || prune is { Sparsity: null, Rules: null, Budget: null })
            throw new PipelineException(
                DescriptionCodes.BadMembers,
                $"Pruning by '{prune.Pruner}' must have one of 'sparsity' and 'rules', or neither and a 'budget'."
            );
        return new PruneOptions
        {
            Pruner = prune.Pruner,
            Rules = prune.Rules ?? [new PruningRule { Sparsity = prune.Sparsity ?? 0 }],
            Budget = prune.Budget is { } budget ? PruningBudget.Parse(budget) : null,
            GroupScore = prune.Group,
            Ranking = prune.Ranking,
            MaskedMembers = prune.Masked,
            CreateStatistics = prune.Statistics is { } name ? methods.FindStatistics(name) : null,
            StatisticsSettings = prune.Statistics ?? "",
        };
    }

    private static int StepsOf(IterateDescription iterate) =>
        iterate.Steps >= 1
            ? iterate.Steps
            : throw new PipelineException(DescriptionCodes.BadMembers, $"'steps' is {iterate.Steps}; it must be 1 or more.");

    private static IPruningSchedule ScheduleOf(ScheduleKind kind) =>
        kind switch
        {
            ScheduleKind.Linear => new LinearSchedule(),
            ScheduleKind.OneShot => new OneShotSchedule(),
            _ => new AgpSchedule(),
        };

    /// <summary>The text of a value, without white space.</summary>
    private static string SettingsOf(JsonElement? settings) => settings is { } json ? JsonSerializer.Serialize(json) : "";
}
