using Speedup.Pruning.Abstractions;
using Speedup.Pruning.Evaluation;
using Speedup.Pruning.Stages;
using static TorchSharp.torch;

namespace PipelineModels;

/// <summary>Training and evaluation by names, as descriptions have them.</summary>
public static class Training
{
    private const int Batch = 7;
    private const int Side = 8;

    /// <summary>A few steps on what the process's generator draws; settings are the number of steps.</summary>
    public static void FineTune(FineTuneContext context)
    {
        int steps = int.TryParse(context.Settings, out int asked) ? asked : 4;
        context.Model.train();
        using var optimizer = optim.SGD(context.Model.parameters(), 0.05, momentum: 0.9);
        for (int step = 1; step <= steps; step++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.cross_entropy(Call(context.Model, randn(Batch, 1, Side, Side)), randint(TinyNet.Classes, [Batch])).backward();
            optimizer.step();
            context.ApplyMasks();
            context.Tell($"step {step} of {steps}");
        }
    }

    /// <summary>Accuracy and loss on images that are always the same.</summary>
    public static ModelMetrics Evaluate(EvaluationContext context)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        const int samples = 64;
        Tensor images = arange(samples * Side * Side, float32).mul(tensor(0.37f)).sin().reshape(samples, 1, Side, Side);
        Tensor labels = arange(samples, int64).remainder(tensor(TinyNet.Classes));
        Tensor outputs = Call(context.Model, images);
        return new ModelMetrics(
            outputs.argmax(1).eq(labels).to(float64).mean().item<double>(),
            nn.functional.cross_entropy(outputs, labels).item<float>()
        );
    }

    /// <summary>Fails, as a training can.</summary>
    public static void Fail(FineTuneContext context) => throw new InvalidOperationException("no data");

    /// <summary>Two batches.</summary>
    public static IPruningStatistics CreateBatches() =>
        new CalibrationData([
            new CalibrationBatch([arange(3 * Side * Side, float32).sin().reshape(3, 1, Side, Side)]),
            new CalibrationBatch([arange(Side * Side, float32).cos().reshape(1, 1, Side, Side)]),
        ]);

    private static Tensor Call(nn.Module model, Tensor images) => ((nn.Module<Tensor, Tensor>)model).call(images);
}
