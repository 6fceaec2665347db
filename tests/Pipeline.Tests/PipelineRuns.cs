using Microsoft.Extensions.DependencyInjection;
using PipelineModels;
using Speedup.Pruning.Hosting;
using Speedup.Pruning.Pipeline;
using static TorchSharp.torch;

namespace Pipeline.Tests;

/// <summary>Runs pipelines on the small network, with the plugins' DLLs.</summary>
public abstract class PipelineRuns : IDisposable
{
    private protected TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Masked training, a speedup and a file.</summary>
    protected static PipelineBuilder Brief(PipelineBuilder pipeline, string training) =>
        pipeline.Named("short").Prune("l1", 0.5).FineTune(Training.FineTune, training).Speedup().Save("small.speedup");

    /// <summary>Runs one in the test's folder, or in one within it.</summary>
    protected PipelineResult Run(
        Action<PipelineBuilder> configure,
        string folder = "",
        IProgress<PipelineProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        using ServiceProvider services = SamplePipeline.CreateServices(configure);
        return SamplePipeline.Run(services, Folder.Of(folder), progress, cancellation);
    }

    /// <summary>Lengths of a tensor of a model.</summary>
    protected static long[] FirstOf(nn.Module model, string name) => model.state_dict()[name].shape;
}
