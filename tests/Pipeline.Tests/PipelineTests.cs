using Microsoft.Extensions.DependencyInjection;
using PipelineModels;
using Speedup.Core.SmallModels;
using Speedup.Pruning.Evaluation;
using Speedup.Pruning.Pipeline;
using static TorchSharp.torch;

namespace Pipeline.Tests;

public sealed class PipelineTests : PipelineRuns
{
    [Fact]
    public void Run_OfTheSample_MakesASmallModelThatComputesWhatTheMaskedOneDid()
    {
        using ServiceProvider services = SamplePipeline.CreateServices();
        var heard = new List<PipelineProgress>();

        PipelineResult result = SamplePipeline.Run(services, Folder.Path, new Listener<PipelineProgress>(heard.Add));

        Assert.Equal(14, result.Stages.Count);
        Assert.All(result.Stages, stage => Assert.Equal(StageStatus.Done, stage.Status));
        Assert.Equal(result.Stages[3].Metrics!.Accuracy, result.Stages[5].Metrics!.Accuracy);
        Assert.Equal(result.Stages[3].Metrics!.Loss!.Value, result.Stages[5].Metrics!.Loss!.Value, 1e-5);
        Assert.NotEqual(result.Stages[0].Metrics, result.Stages[3].Metrics);
        Assert.Equal(8, FirstOf(result.Model, "inner.weight")[0]);
        Assert.Contains(heard, step => step is { Name: "fine-tune", Detail: "step 4 of 4" });
        using TinyNet loaded = SmallModel.Load(new TinyNet(), Folder.Of("small.speedup"));
        Assert.Equal(Outputs(result.Model), Outputs(loaded));
        result.Model.Dispose();
    }

    [Fact]
    public void Run_AgainInItsFolder_ReusesAllStages()
    {
        Run(SamplePipeline.Configure);
        SortedDictionary<string, string> before = TemporaryFolder.Contents(Folder.Path);

        PipelineResult second = Run(SamplePipeline.Configure);

        Assert.All(second.Stages, stage => Assert.Equal(StageStatus.Reused, stage.Status));
        Assert.Equal(before, TemporaryFolder.Contents(Folder.Path));
    }

    [Fact]
    public void Run_InAnotherFolder_WritesTheSameBytes()
    {
        Run(SamplePipeline.Configure, "first");
        Run(SamplePipeline.Configure, "second");

        TemporaryFolder.AssertEqual(Folder.Of("first"), Folder.Of("second"));
    }

    [Fact]
    public void Run_AfterASettingChanged_RunsThatStageAndAllLaterOnes()
    {
        Run(pipeline => Brief(pipeline, "2"));

        PipelineResult second = Run(pipeline => Brief(pipeline, "3"));

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
        Run(pipeline => Brief(pipeline, "2"));
        SortedDictionary<string, string> before = TemporaryFolder.Contents(Folder.Path);
        byte[] bytes = File.ReadAllBytes(Folder.Of(file));
        bytes[^2] ^= 1;
        File.WriteAllBytes(Folder.Of(file), bytes);

        PipelineResult second = Run(pipeline => Brief(pipeline, "2"));

        Assert.Equal(StageStatus.Reused, second.Stages[0].Status);
        Assert.Equal(StageStatus.Done, second.Stages[1].Status);
        Assert.Equal(before, TemporaryFolder.Contents(Folder.Path));
    }

    [Fact]
    public void Run_AfterStagesWereTakenOut_DeletesTheirFolders()
    {
        Run(pipeline => Brief(pipeline, "2"));

        Run(pipeline => pipeline.Named("short").Prune("l1", 0.5));

        Assert.Equal(["01-prune"], Directory.GetDirectories(Folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Run_InTheFolderOfAnotherPipeline_IsRefused()
    {
        Run(pipeline => Brief(pipeline, "2"));
        SortedDictionary<string, string> before = TemporaryFolder.Contents(Folder.Path);

        PipelineException error = Assert.Throws<PipelineException>(() => Run(SamplePipeline.Configure));

        Assert.Equal("SPD9201", error.Code);
        Assert.Contains("'short'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, TemporaryFolder.Contents(Folder.Path));
    }

    [Fact]
    public void Run_InAFolderOfOtherFiles_IsRefused()
    {
        File.WriteAllText(Folder.Of("thesis.txt"), "");

        PipelineException error = Assert.Throws<PipelineException>(() => Run(SamplePipeline.Configure));

        Assert.Equal("SPD9202", error.Code);
        Assert.Equal(["thesis.txt"], Directory.EnumerateFileSystemEntries(Folder.Path).Select(Path.GetFileName));
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

        PipelineResult second = Run(pipeline => Brief(pipeline, "2"));

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
        Run(pipeline => Brief(pipeline, "2"), "whole");
        using var source = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() =>
            Run(
                pipeline => Brief(pipeline, "2"),
                "stopped",
                new Listener<PipelineProgress>(step =>
                {
                    if (step.Detail.StartsWith(moment, StringComparison.Ordinal))
                        source.Cancel();
                }),
                source.Token
            )
        );
        Run(pipeline => Brief(pipeline, "2"), "stopped");

        TemporaryFolder.AssertEqual(Folder.Of("whole"), Folder.Of("stopped"));
    }

    [Fact]
    public void Run_WithAFactoryThatKeepsItsModel_IsRefused()
    {
        using ServiceProvider services = SamplePipeline.CreateServices();
        using var model = new TinyNet();
        using Tensor input = zeros(1, 1, 8, 8);

        PipelineException error = Assert.Throws<PipelineException>(() =>
            services.GetRequiredService<SpeedupPipeline>().Run(() => model, [input], Folder.Path)
        );

        Assert.Equal("SPD9211", error.Code);
    }

    private static float[] Outputs(nn.Module model)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        model.eval();
        return ((nn.Module<Tensor, Tensor>)model).call(arange(3 * 10 * 12, float32).sin().reshape(3, 1, 10, 12)).data<float>().ToArray();
    }
}
