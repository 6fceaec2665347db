using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Speedup.Core.Hosting;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Evaluation;
using Speedup.Pruning.Pipeline;
using Speedup.Pruning.Schedules;
using Speedup.Pruning.Stages;

namespace Speedup.Pruning.Hosting;

/// <summary>Puts the stages of a pipeline in order. They are made when the pipeline is, with the services of the host.</summary>
public sealed class PipelineBuilder
{
    private readonly List<Func<IServiceProvider, IPipelineStage>> _stages = [];
    private readonly List<(string Name, Func<IServiceProvider, IPipelineStage, IPipelineStage> Create)> _replacements = [];
    private string _name = "pipeline";
    private long _seed;
    private ScheduleStep? _step;

    /// <summary>Names the pipeline; a folder belongs to the pipeline of one name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The builder.</returns>
    public PipelineBuilder Named(string name)
    {
        _name = name;
        return this;
    }

    /// <summary>Sets what the seeds of all stages are derived from; 0 otherwise.</summary>
    /// <param name="seed">Any number.</param>
    /// <returns>The builder.</returns>
    public PipelineBuilder WithSeed(long seed)
    {
        _seed = seed;
        return this;
    }

    /// <summary>Makes masks by a pruner of a plugin or of the host; see <see cref="PruneStage"/>.</summary>
    /// <param name="pruner">Its name, such as <c>l1</c>.</param>
    /// <param name="sparsity">The part of the channels of each layer that goes.</param>
    /// <param name="configure">Changes options; may be left out.</param>
    /// <returns>The builder.</returns>
    public PipelineBuilder Prune(string pruner, double sparsity, Func<PruneOptions, PruneOptions>? configure = null)
    {
        var options = new PruneOptions { Pruner = pruner, Rules = [new PruningRule { Sparsity = sparsity }] };
        return Prune(configure?.Invoke(options) ?? options);
    }

    /// <summary>Makes masks; see <see cref="PruneStage"/>. Within <see cref="Iterate"/>, as far as the step says.</summary>
    /// <param name="options">How to prune.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="PipelineException">There is a budget within <see cref="Iterate"/> (SPD9205).</exception>
    public PipelineBuilder Prune(PruneOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ScheduleStep? step = _step;
        if (step is not null && options.Budget is not null)
            throw new PipelineException(
                PipelineCodes.BadStages,
                "A budget is met at once, and a schedule rises step by step. Give the sparsities of a schedule by rules, or prune under a budget outside of Iterate."
            );
        return Add(services => new PruneStage(
            new MaskMaker(services.GetRequiredService<PrunerRegistry>(), services.GetRequiredService<IModelSpeedup>()),
            options,
            step
        ));
    }

    /// <summary>Trains the model; see <see cref="FineTuneStage"/>.</summary>
    /// <param name="train">The training.</param>
    /// <param name="settings">All that decides its result, in any words; another text makes the stage run again.</param>
    /// <returns>The builder.</returns>
    public PipelineBuilder FineTune(Action<FineTuneContext> train, string settings)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(settings);
        return Add(_ => new FineTuneStage(train, settings));
    }

    /// <summary>Makes the masked model physically smaller; see <see cref="SpeedupStage"/>.</summary>
    /// <param name="options">Options; null for the host's.</param>
    /// <returns>The builder.</returns>
    public PipelineBuilder Speedup(SpeedupOptions? options = null) =>
        Add(services => new SpeedupStage(
            services.GetRequiredService<IModelSpeedup>(),
            options ?? services.GetRequiredService<IOptions<SpeedupHostOptions>>().Value.Defaults
        ));

    /// <summary>Measures how good the model is; see <see cref="EvaluateStage"/>.</summary>
    /// <param name="evaluate">The evaluation.</param>
    /// <param name="settings">All that decides its result, in any words; another text makes the stage run again.</param>
    /// <returns>The builder.</returns>
    public PipelineBuilder Evaluate(Func<EvaluationContext, ModelMetrics> evaluate, string settings = "")
    {
        ArgumentNullException.ThrowIfNull(evaluate);
        return Add(_ => new EvaluateStage(evaluate, settings));
    }

    /// <summary>Writes the model into a file; see <see cref="SaveStage"/>.</summary>
    /// <param name="path">The file; a relative path is within the pipeline's folder.</param>
    /// <returns>The builder.</returns>
    public PipelineBuilder Save(string path)
    {
        var stage = new SaveStage(path);
        return Add(_ => stage);
    }

    /// <summary>Repeats stages, step by step of a schedule: each <c>Prune</c> among them goes as far as its step says.</summary>
    /// <param name="steps">Number of steps.</param>
    /// <param name="schedule">How sparsity rises.</param>
    /// <param name="body">Adds the stages of one step, such as prune, speedup, fine-tune.</param>
    /// <returns>The builder.</returns>
    public PipelineBuilder Iterate(int steps, IPruningSchedule schedule, Action<PipelineBuilder> body)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(body);
        ScheduleStep? outer = _step;
        for (int i = 1; i <= steps; i++)
        {
            _step = new ScheduleStep(schedule, i, steps);
            body(this);
        }
        _step = outer;
        return this;
    }

    /// <summary>Adds a stage of the host's own.</summary>
    /// <param name="create">Makes it.</param>
    /// <returns>The builder.</returns>
    public PipelineBuilder Add(Func<IServiceProvider, IPipelineStage> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        _stages.Add(create);
        return this;
    }

    /// <summary>Puts another stage in the place of each of a name, as of a pipeline that somebody else has described.</summary>
    /// <param name="name">Name of the stages.</param>
    /// <param name="create">Makes the one that takes the place of the other.</param>
    /// <returns>The builder.</returns>
    public PipelineBuilder Replace(string name, Func<IServiceProvider, IPipelineStage, IPipelineStage> create)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(create);
        _replacements.Add((name, create));
        return this;
    }

    /// <summary>Makes the pipeline.</summary>
    /// <param name="services">A container with <c>AddSpeedup()</c>.</param>
    /// <returns>The pipeline.</returns>
    /// <exception cref="PipelineException">There are no stages, or one is to be replaced that there is not (SPD9205).</exception>
    public SpeedupPipeline Build(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        IPipelineStage[] stages = [.. _stages.Select(create => create(services))];
        foreach ((string name, Func<IServiceProvider, IPipelineStage, IPipelineStage> create) in _replacements)
        {
            if (!stages.Any(stage => stage.Name == name))
                throw new PipelineException(
                    PipelineCodes.BadStages,
                    $"There is no stage '{name}' to replace. There are {string.Join(", ", stages.Select(stage => stage.Name).Distinct())}."
                );
            stages = [.. stages.Select(stage => stage.Name == name ? create(services, stage) : stage)];
        }
        return new SpeedupPipeline(_name, _seed, stages);
    }
}
