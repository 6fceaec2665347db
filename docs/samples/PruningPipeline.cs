using Microsoft.Extensions.DependencyInjection;
using Speedup.Core.Hosting;
using Speedup.Pruning.Evaluation;
using Speedup.Pruning.Hosting;
using Speedup.Pruning.Pipeline;
using Speedup.Pruning.Stages;
using static TorchSharp.torch;

namespace PruningPipelines;

public static class Compression
{
    public static PipelineResult Run(Func<nn.Module> createModel, Tensor example, string folder)
    {
        using ServiceProvider services = new ServiceCollection()
            .AddSpeedup()
            .AddSpeedupPipeline(pipeline =>
                pipeline
                    .Named("half")
                    .Evaluate(Evaluate)
                    .Prune("l1", 0.5) // half of the filters of each layer, those with the smallest weights
                    .FineTune(Train, "sgd, rate 0.01, 3 steps") // masked: the pruned filters stay zero
                    .Speedup() // physically smaller, and equal to the masked model
                    .FineTune(Train, "sgd, rate 0.01, 3 steps") // small
                    .Evaluate(Evaluate)
                    .Save("small.speedup")
            )
            .BuildServiceProvider();
        return services.GetRequiredService<SpeedupPipeline>().Run(createModel, [example], folder);
    }

    private static void Train(FineTuneContext context)
    {
        var model = (nn.Module<Tensor, Tensor>)context.Model;
        model.train();
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        for (int step = 0; step < 3; step++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            (Tensor images, Tensor labels) = NextBatch();
            optimizer.zero_grad();
            nn.functional.cross_entropy(model.call(images), labels).backward();
            optimizer.step();
            context.ApplyMasks();
        }
    }

    private static ModelMetrics Evaluate(EvaluationContext context)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        (Tensor images, Tensor labels) = NextBatch();
        Tensor outputs = ((nn.Module<Tensor, Tensor>)context.Model).call(images);
        double accuracy = outputs.argmax(1).eq(labels).to(float64).mean().item<double>();
        return new ModelMetrics(accuracy, nn.functional.cross_entropy(outputs, labels).item<float>());
    }

    /// <summary>In place of your data.</summary>
    private static (Tensor Images, Tensor Labels) NextBatch() => (randn(16, 1, 8, 8), randint(4, [16]));
}
