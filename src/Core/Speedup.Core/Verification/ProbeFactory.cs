using Speedup.Core.Tracing;
using static TorchSharp.torch;

namespace Speedup.Core.Verification;

/// <summary>
/// Makes inputs beside the example: fresh random values, and another batch and spatial size where the model takes one. Seeded, so
/// the same model is always verified on the same inputs; the global generator is not touched.
/// </summary>
internal static class ProbeFactory
{
    private const long Seed = 20_260_701;
    private const long SmallBatch = 2;

    /// <summary>Runs the masked model on fresh inputs and returns what it said.</summary>
    /// <param name="run">Runs the masked model, in a plain pass if asked to; null where it does not take the inputs.</param>
    /// <param name="example">The example inputs.</param>
    /// <param name="guessesSize">Whether to look for a second size.</param>
    /// <param name="cancellation">Cancels between runs.</param>
    public static IReadOnlyList<ProbeInput> Create(
        Func<IReadOnlyList<Tensor>, bool, TraceResult?> run,
        IReadOnlyList<Tensor> example,
        bool guessesSize,
        CancellationToken cancellation
    )
    {
        using var generator = new Generator(Seed, example[0].device);
        var probes = new List<ProbeInput>();
        AddFirst("fresh random", [1.0], true); // a sample is computed by itself, so that a few are as good as many
        if (guessesSize && example.Any(tensor => tensor.dim() >= 3))
            AddFirst("second size", [0.5, 0.75, 1.25], false);
        return probes;

        void AddFirst(string name, double[] scales, bool mayKeepBatch)
        {
            foreach (double scale in scales)
            foreach (bool small in mayKeepBatch ? new[] { true, false } : [true])
            {
                cancellation.ThrowIfCancellationRequested();
                Tensor[] inputs = [.. example.Select(tensor => Draw(tensor, ShapeOf(tensor, scale, small), generator))];
                bool isPlain = probes.Count == 0; // one is enough
                if (run(inputs, isPlain) is not { } expected)
                    continue;
                probes.Add(new ProbeInput(name, inputs, expected.Outputs, isPlain, expected.Graph));
                return;
            }
        }
    }

    private static long[] ShapeOf(Tensor example, double scale, bool smallBatch)
    {
        long[] shape = [.. example.shape];
        for (int axis = 2; axis < shape.Length; axis++)
            shape[axis] = Math.Max(1, (long)Math.Round(shape[axis] * scale));
        if (smallBatch && shape.Length > 1 && shape[0] > SmallBatch)
            shape[0] = SmallBatch;
        return shape;
    }

    /// <summary>Normal values for real inputs; for integers, which may index a table, values that the example holds.</summary>
    private static Tensor Draw(Tensor example, long[] shape, Generator generator)
    {
        if (example.is_floating_point())
            return randn(shape, dtype: ScalarType.Float32, device: example.device, generator: generator).to(example.dtype);
        Tensor values = example.flatten();
        Tensor picks = randint(
            0,
            Math.Max(1, values.numel()),
            [shape.Aggregate(1L, (a, b) => a * b)],
            device: example.device,
            generator: generator
        );
        return values.index_select(0, picks.to(ScalarType.Int64)).reshape(shape);
    }
}
