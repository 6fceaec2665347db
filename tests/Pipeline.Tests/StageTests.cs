using Microsoft.Extensions.DependencyInjection;
using PipelineModels;
using Speedup.Core.Hosting;
using Speedup.Persistence;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Budgets;
using Speedup.Pruning.Evaluation;
using Speedup.Pruning.Hosting;
using Speedup.Pruning.Pipeline;
using Speedup.Pruning.Schedules;
using Speedup.Pruning.Stages;
using static TorchSharp.torch;

namespace Pipeline.Tests;

/// <summary>What the stages do, and those of a host's own.</summary>
public sealed class StageTests : PipelineRuns
{
    [Fact]
    public void FineTune_BeforeTheSpeedup_KeepsMaskedWeightsAtZero()
    {
        Run(pipeline => pipeline.Prune("l1", 0.5).FineTune(Training.FineTune, "3"));

        using MaskSet masks = MaskFile.Load(Folder.Of("01-prune/masks.safetensors"));
        using StateDict weights = StateDictFile.Load(Folder.Of("02-fine-tune/model.safetensors"));
        Assert.NotEmpty(masks.Entries);
        foreach (MaskEntry entry in masks.Entries)
        {
            Tensor weight = weights[$"{entry.ModulePath}.{entry.Parameter}"];
            Assert.Equal(0, weight[entry.Mask.eq(tensor(0f))].abs().sum().item<float>());
            Assert.True(weight.abs().sum().item<float>() > 0);
        }
    }

    /// <summary>16 channels of inner, 0.5 in four linear steps with speedups between: 14, 12, 10 and 8 are left.</summary>
    [Fact]
    public void Iterate_WithSpeedupsBetween_CountsTheOriginalChannels()
    {
        var widths = new List<long>();
        PruneOptions inner = new() { Pruner = "l1", Rules = [new PruningRule { Sparsity = 0.5, OpNames = ["inner"] }] };

        Run(pipeline =>
            pipeline.Iterate(
                4,
                new LinearSchedule(),
                step =>
                    step.Prune(inner)
                        .Speedup()
                        .FineTune(Training.FineTune, "2")
                        .Evaluate(context =>
                        {
                            widths.Add(FirstOf(context.Model, "inner.weight")[0]);
                            return new ModelMetrics();
                        })
            )
        );

        Assert.Equal([14, 12, 10, 8], widths);
    }

    [Theory]
    [InlineData(BudgetMeasure.Macs)]
    [InlineData(BudgetMeasure.Parameters)]
    public void Prune_UnderABudget_LeavesAtMostThatMuch(BudgetMeasure measure)
    {
        PipelineResult result = Run(pipeline =>
            pipeline
                .Prune("l1", 0, options => options with { Budget = new PruningBudget(measure, 0.5), MaskedMembers = MaskedMembers.All })
                .Speedup()
        );

        using var whole = new TinyNet();
        double left = (double)Count(result.Model) / Count(whole);
        Assert.InRange(left, 0.05, measure == BudgetMeasure.Parameters ? 0.5 : 0.8);
    }

    [Fact]
    public void Prune_UnderABudgetWithinASchedule_IsRefused()
    {
        PipelineException error = Assert.Throws<PipelineException>(() =>
            Run(pipeline =>
                pipeline.Iterate(
                    2,
                    new AgpSchedule(),
                    step => step.Prune("l1", 0, options => options with { Budget = new PruningBudget(BudgetMeasure.Macs, 0.5) })
                )
            )
        );

        Assert.Equal("SPD9205", error.Code);
    }

    [Fact]
    public void Builder_OfAHost_ReplacesAndAddsStages()
    {
        var calls = new List<string>();

        PipelineResult result = Run(pipeline =>
            Trained(pipeline)
                .Replace("fine-tune", (_, stage) => new RecordingStage("own-training", () => calls.Add(stage.Settings)))
                .Add(_ => new RecordingStage("publish", () => calls.Add("publish")))
        );

        Assert.Equal(["2", "publish"], calls);
        Assert.Equal(["prune", "own-training", "publish"], result.Stages.Select(stage => stage.Name));
    }

    [Fact]
    public void Builder_ReplacingAStageThatThereIsNot_TellsWhich()
    {
        PipelineException error = Assert.Throws<PipelineException>(() =>
            Run(pipeline => Brief(pipeline, "2").Replace("finetune", (_, stage) => stage))
        );

        Assert.Equal("SPD9205", error.Code);
        Assert.Contains("fine-tune", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Speedup_WithoutMasks_TellsWhatIsMissing()
    {
        PipelineException error = Assert.Throws<PipelineException>(() => Run(pipeline => pipeline.Speedup()));

        Assert.Equal("SPD9221", Assert.IsType<PruningException>(error.InnerException).Code);
    }

    /// <summary>A pruner of the host's own, in its container, goes before those of plugins.</summary>
    [Fact]
    public void Prune_ByAPrunerOfTheHost_FindsItByName()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddSingleton<IPruner, LastChannels>()
            .AddSpeedup()
            .AddSpeedupPipeline(pipeline => pipeline.Prune("last-channels", 0.5).Speedup())
            .BuildServiceProvider();
        random.manual_seed(1);

        PipelineResult result = SamplePipeline.Run(services, Folder.Path);

        using MaskSet masks = MaskFile.Load(Folder.Of("01-prune/masks.safetensors"));
        float[] kept = masks.Find("inner", "weight")!.Mask.amax([1, 2, 3]).data<float>().ToArray();
        Assert.Equal([.. Enumerable.Repeat(1f, 8), .. Enumerable.Repeat(0f, 8)], kept);
        Assert.Equal(8, FirstOf(result.Model, "inner.weight")[0]);
    }

    private static PipelineBuilder Trained(PipelineBuilder pipeline) => pipeline.Prune("l1", 0.5).FineTune(Training.FineTune, "2");

    private static long Count(nn.Module model) => model.parameters().Sum(parameter => parameter.NumberOfElements);

    private sealed class RecordingStage(string name, Action act) : IPipelineStage
    {
        public string Name => name;

        public string Settings => "";

        public StageEffects Effects => StageEffects.None;

        public void Run(StageContext context) => act();
    }

    private sealed class LastChannels : ChannelPruner
    {
        public override string Name => "last-channels";

        public override string Description => "the last channels";

        public override ChannelScores Score(PruningRequest request, CancellationToken cancellation = default) =>
            new(
                request.Targets.Layers.Select(layer => new LayerScores(
                    layer.ModulePath,
                    [.. Enumerable.Range(0, layer.Channels).Select(channel => (double)-channel)]
                ))
            );
    }
}
