using Microsoft.Extensions.DependencyInjection;
using Speedup.Core.Hosting;
using Speedup.Pruning.Hosting;
using Speedup.Pruning.Pipeline;
using Speedup.Pruning.Schedules;
using TorchSharp;

namespace PipelineModels;

/// <summary>A pipeline with every kind of stage, in a container.</summary>
public static class SamplePipeline
{
    /// <summary>The container; it belongs to the caller.</summary>
    public static ServiceProvider CreateServices(Action<PipelineBuilder>? configure = null) =>
        new ServiceCollection().AddSpeedup().AddSpeedupPipeline(configure ?? Configure).BuildServiceProvider();

    /// <summary>Masked training, a speedup, two steps of pruning the small model, and files.</summary>
    public static void Configure(PipelineBuilder pipeline) =>
        pipeline
            .Named("sample")
            .WithSeed(3)
            .Evaluate(Training.Evaluate)
            .Prune("l1", 0.25)
            .FineTune(Training.FineTune, "4")
            .Evaluate(Training.Evaluate)
            .Speedup()
            .Evaluate(Training.Evaluate)
            .Iterate(2, new AgpSchedule(), step => step.Prune("l2", 0.5).Speedup().FineTune(Training.FineTune, "3"))
            .Evaluate(Training.Evaluate)
            .Save("small.speedup");

    /// <summary>Runs a pipeline on the network of this assembly.</summary>
    public static PipelineResult Run(
        IServiceProvider services,
        string folder,
        IProgress<PipelineProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        using torch.Tensor input = torch.zeros(1, 1, 8, 8);
        return services.GetRequiredService<SpeedupPipeline>().Run(() => new TinyNet(), [input], folder, progress, cancellation);
    }
}
