using Microsoft.Extensions.DependencyInjection;
using PipelineModels;
using Speedup.Core.SmallModels;
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

public sealed class PipelineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Run_OfTheSample_MakesASmallModelThatComputesWhatTheMaskedOneDid()
    {
        using ServiceProvider services = SamplePipeline.CreateServices();
        var heard = new List<PipelineProgress>();

        PipelineResult result = SamplePipeline.Run(services, _folder.Path, new Listener<PipelineProgress>(heard.Add));

        Assert.Equal(14, result.Stages.Count);
        Assert.All(result.Stages, stage => Assert.Equal(StageStatus.Done, stage.Status));
        Assert.Equal(result.Stages[3].Metrics!.Accuracy, result.Stages[5].Metrics!.Accuracy);
        Assert.Equal(result.Stages[3].Metrics!.Loss!.Value, result.Stages[5].Metrics!.Loss!.Value, 1e-5);
        Assert.NotEqual(result.Stages[0].Metrics, result.Stages[3].Metrics);
        Assert.Equal(8, FirstOf(result.Model, "inner.weight")[0]);
        Assert.Contains(heard, step => step is { Name: "fine-tune", Detail: "step 4 of 4" });
        using TinyNet loaded = SmallModel.Load(new TinyNet(), _folder.Of("small.speedup"));
        Assert.Equal(Outputs(result.Model), Outputs(loaded));
        result.Model.Dispose();
    }

    [Fact]
    public void Run_AgainInItsFolder_ReusesAllStages()
    {
        Run(SamplePipeline.Configure);
        SortedDictionary<string, string> before = TemporaryFolder.Contents(_folder.Path);

        PipelineResult second = Run(SamplePipeline.Configure);

        Assert.All(second.Stages, stage => Assert.Equal(StageStatus.Reused, stage.Status));
        Assert.Equal(before, TemporaryFolder.Contents(_folder.Path));
    }

    [Fact]
    public void Run_InAnotherFolder_WritesTheSameBytes()
    {
        Run(SamplePipeline.Configure, "first");
        Run(SamplePipeline.Configure, "second");

        TemporaryFolder.AssertEqual(_folder.Of("first"), _folder.Of("second"));
    }

    [Fact]
    public void Run_AfterASettingChanged_RunsThatStageAndAllLaterOnes()
    {
        Run(pipeline => Short(pipeline, "2"));

        PipelineResult second = Run(pipeline => Short(pipeline, "3"));

        Assert.Equal(
            [StageStatus.Reused, StageStatus.Done, StageStatus.Done, StageStatus.Done],
            second.Stages.Select(stage => stage.Status)
        );
    }

    [Theory]
    [InlineData("02-fine-tune/model.safetensors")]
    [InlineData("02-fine-tune/stage.json")]
    public void Run_AfterAFileWasDamaged_RunsItsStageAgainToTheSameBytes(string file)
    {
        Run(pipeline => Short(pipeline, "2"));
        SortedDictionary<string, string> before = TemporaryFolder.Contents(_folder.Path);
        byte[] bytes = File.ReadAllBytes(_folder.Of(file));
        bytes[^2] ^= 1;
        File.WriteAllBytes(_folder.Of(file), bytes);

        PipelineResult second = Run(pipeline => Short(pipeline, "2"));

        Assert.Equal(StageStatus.Reused, second.Stages[0].Status);
        Assert.Equal(StageStatus.Done, second.Stages[1].Status);
        Assert.Equal(before, TemporaryFolder.Contents(_folder.Path));
    }

    [Fact]
    public void Run_AfterStagesWereTakenOut_DeletesTheirFolders()
    {
        Run(pipeline => Short(pipeline, "2"));

        Run(pipeline => pipeline.Named("short").Prune("l1", 0.5));

        Assert.Equal(["01-prune"], Directory.GetDirectories(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Run_InTheFolderOfAnotherPipeline_IsRefused()
    {
        Run(pipeline => Short(pipeline, "2"));
        SortedDictionary<string, string> before = TemporaryFolder.Contents(_folder.Path);

        PipelineException error = Assert.Throws<PipelineException>(() => Run(SamplePipeline.Configure));

        Assert.Equal("SPD9201", error.Code);
        Assert.Contains("'short'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, TemporaryFolder.Contents(_folder.Path));
    }

    [Fact]
    public void Run_InAFolderOfOtherFiles_IsRefused()
    {
        File.WriteAllText(_folder.Of("thesis.txt"), "");

        PipelineException error = Assert.Throws<PipelineException>(() => Run(SamplePipeline.Configure));

        Assert.Equal("SPD9202", error.Code);
        Assert.Equal(["thesis.txt"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Run_InAFolderThatAnotherRunHolds_IsRefused()
    {
        PipelineException? inner = null;

        Run(pipeline =>
            pipeline.Evaluate(_ =>
            {
                inner = Assert.Throws<PipelineException>(() => Run(SamplePipeline.Configure));
                return new ModelMetrics();
            })
        );

        Assert.Equal("SPD9203", inner?.Code);
    }

    [Fact]
    public void Run_WhoseTrainingFails_NamesTheStageAndKeepsThoseBefore()
    {
        PipelineException error = Assert.Throws<PipelineException>(() =>
            Run(pipeline => pipeline.Named("short").Prune("l1", 0.5).FineTune(Training.Fail, ""))
        );

        PipelineResult second = Run(pipeline => Short(pipeline, "2"));

        Assert.Equal("SPD9207", error.Code);
        Assert.Contains("'fine-tune'", error.Message, StringComparison.Ordinal);
        Assert.Equal("no data", error.InnerException?.Message);
        Assert.Equal(StageStatus.Reused, second.Stages[0].Status);
    }

    [Theory]
    [InlineData("step 1 of 2")]
    [InlineData("verify")]
    public void Run_ThatIsCancelled_GoesOnToTheSameBytes(string moment)
    {
        Run(pipeline => Short(pipeline, "2"), "whole");
        using var source = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() =>
            Run(
                pipeline => Short(pipeline, "2"),
                "stopped",
                new Listener<PipelineProgress>(step =>
                {
                    if (step.Detail.StartsWith(moment, StringComparison.Ordinal))
                        source.Cancel();
                }),
                source.Token
            )
        );
        Run(pipeline => Short(pipeline, "2"), "stopped");

        TemporaryFolder.AssertEqual(_folder.Of("whole"), _folder.Of("stopped"));
    }

    [Fact]
    public void FineTune_BeforeTheSpeedup_KeepsMaskedWeightsAtZero()
    {
        Run(pipeline => pipeline.Prune("l1", 0.5).FineTune(Training.FineTune, "3"));

        using MaskSet masks = MaskFile.Load(_folder.Of("01-prune/masks.safetensors"));
        using StateDict weights = StateDictFile.Load(_folder.Of("02-fine-tune/model.safetensors"));
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
            SamplePipelineWithout(pipeline)
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
            Run(pipeline => Short(pipeline, "2").Replace("finetune", (_, stage) => stage))
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

    [Fact]
    public void Run_WithAFactoryThatKeepsItsModel_IsRefused()
    {
        using ServiceProvider services = SamplePipeline.CreateServices();
        using var model = new TinyNet();
        using Tensor input = zeros(1, 1, 8, 8);

        PipelineException error = Assert.Throws<PipelineException>(() =>
            services.GetRequiredService<SpeedupPipeline>().Run(() => model, [input], _folder.Path)
        );

        Assert.Equal("SPD9211", error.Code);
    }

    public void Dispose() => _folder.Dispose();

    private static PipelineBuilder Short(PipelineBuilder pipeline, string training) =>
        pipeline.Named("short").Prune("l1", 0.5).FineTune(Training.FineTune, training).Speedup().Save("small.speedup");

    private static PipelineBuilder SamplePipelineWithout(PipelineBuilder pipeline) =>
        pipeline.Prune("l1", 0.5).FineTune(Training.FineTune, "2");

    private PipelineResult Run(
        Action<PipelineBuilder> configure,
        string folder = "",
        IProgress<PipelineProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        using ServiceProvider services = SamplePipeline.CreateServices(configure);
        return SamplePipeline.Run(services, _folder.Of(folder), progress, cancellation);
    }

    private static long[] FirstOf(nn.Module model, string name) => model.state_dict()[name].shape;

    private static long Count(nn.Module model) => model.parameters().Sum(parameter => parameter.NumberOfElements);

    private static float[] Outputs(nn.Module model)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        model.eval();
        return ((nn.Module<Tensor, Tensor>)model).call(arange(3 * 10 * 12, float32).sin().reshape(3, 1, 10, 12)).data<float>().ToArray();
    }

    private sealed class RecordingStage(string name, Action act) : IPipelineStage
    {
        public string Name => name;

        public string Settings => "";

        public StageEffects Effects => StageEffects.None;

        public void Run(StageContext context) => act();
    }
}
