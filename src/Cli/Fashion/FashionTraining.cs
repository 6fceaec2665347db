using static TorchSharp.torch;

namespace Speedup.Cli.Fashion;

/// <summary>Trains and tests classifiers. With a fixed number of threads, the same seed gives the same weights.</summary>
internal sealed class FashionTraining(FashionData training, FashionData test, CancellationToken cancellation)
{
    private const int Batch = 64;

    /// <summary>Trains with Adam and cross entropy; the learning rate falls to zero along a cosine.</summary>
    /// <param name="model">The model; it is in evaluation mode afterwards.</param>
    /// <param name="epochs">Passes over all images.</param>
    /// <param name="rate">The learning rate at the start.</param>
    /// <param name="seed">Seed of the order of the images.</param>
    /// <param name="tell">Told after each batch how many there were, of how many.</param>
    public void Train(nn.Module<Tensor, Tensor> model, int epochs, double rate, long seed, Action<int, int>? tell = null)
    {
        int batches = (training.Count + Batch - 1) / Batch;
        using var generator = new Generator((ulong)seed);
        using var optimizer = optim.Adam(model.parameters(), rate);
        var schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * batches);
        model.train();
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            using Tensor order = randperm(training.Count, generator: generator);
            for (int batch = 0; batch < batches; batch++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                Tensor picked = order.narrow(0, batch * Batch, Math.Min(Batch, training.Count - (batch * Batch)));
                optimizer.zero_grad();
                Tensor logits = model.forward(training.Images.index_select(0, picked));
                nn.functional.cross_entropy(logits, training.Labels.index_select(0, picked)).backward();
                optimizer.step();
                schedule.step();
                tell?.Invoke((epoch * batches) + batch + 1, epochs * batches);
            }
        }
        model.eval();
    }

    /// <summary>The logits of all test images, [image, class]; the caller's.</summary>
    /// <param name="forward">A pass of a model in evaluation mode.</param>
    public Tensor Logits(Func<Tensor, Tensor> forward)
    {
        using var scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        return cat([.. test.Images.split(250).Select(forward)]).MoveToOuterDisposeScope();
    }

    /// <summary>The part of the test images that logits are right about.</summary>
    public double Accuracy(Tensor logits)
    {
        using var scope = NewDisposeScope();
        return logits.argmax(1).eq(test.Labels).to_type(ScalarType.Float64).mean().item<double>();
    }
}
