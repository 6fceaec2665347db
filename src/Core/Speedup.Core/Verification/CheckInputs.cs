using Speedup.Core.Tracing;
using static TorchSharp.torch;

namespace Speedup.Core.Verification;

/// <summary>
/// Makes inputs beside the example: fresh random values, and other sizes where the model takes them. Seeded, so the same model is always verified on the same inputs; the global generator is not touched.
/// </summary>
internal static class CheckInputs
{
    /// <summary>Name of the input of fresh numbers.</summary>
    public const string Fresh = "fresh random";

    private const long Seed = 20_260_701;
    private const long SmallBatch = 2;

    /// <summary>Inputs beyond which no other length is looked for: each takes a pass of both models.</summary>
    private const int MostInputs = 8;

    /// <summary>Runs the masked model on fresh inputs and returns what it said.</summary>
    /// <param name="run">Runs the masked model, in a plain pass if asked to; null where it does not take the inputs.</param>
    /// <param name="example">The example inputs.</param>
    /// <param name="guessesSize">Whether to look for other sizes.</param>
    /// <param name="mayBePlain">Whether a plain pass can be compared; one that draws random numbers cannot.</param>
    /// <param name="cancellation">Cancels between runs.</param>
    /// <param name="limit">Puts shapes back to what they may be; null where all may vary.</param>
    public static IReadOnlyList<CheckInput> Create(
        Func<IReadOnlyList<Tensor>, bool, TraceResult?> run,
        IReadOnlyList<Tensor> example,
        bool guessesSize,
        bool mayBePlain,
        CancellationToken cancellation,
        Func<long[][], long[][]>? limit = null
    )
    {
        var tried = new HashSet<string>(StringComparer.Ordinal);
        using var generator = new Generator(Seed, example[0].device);
        var checkInputs = new List<CheckInput>();
        foreach (bool few in new[] { true, false }) // a sample is computed by itself, so that a few are as good as many
        {
            if (checkInputs.Count == 0)
                TryAdd(Fresh, [.. example.Select(tensor => few ? FewSamples(tensor) : tensor.shape)], mayBePlain);
        }
        if (guessesSize)
            new SizeSearch(
                [.. example.Select(tensor => tensor.shape)],
                (name, shapes) => checkInputs.Count < MostInputs && TryAdd(name, shapes, isPlain: false)
            ).Run();
        return checkInputs;

        bool TryAdd(string name, long[][] shapes, bool isPlain)
        {
            cancellation.ThrowIfCancellationRequested();
            if (limit is not null && !tried.Add(Describe(shapes = limit(shapes))))
                return false;
            Tensor[] inputs = [.. shapes.Select((shape, i) => Draw(example[i], shape, generator))];
            if (run(inputs, isPlain) is not { } expected)
                return false;
            bool isVariant = name != Fresh;
            checkInputs.Add(
                new CheckInput(name, inputs, expected.Outputs, isPlain, expected.Graph) { IsVariant = isVariant, Draws = expected.Draws }
            );
            return true;
        }
    }

    private static string Describe(long[][] shapes) => string.Join(';', shapes.Select(shape => string.Join(',', shape)));

    private static long[] FewSamples(Tensor example) =>
        example.dim() > 1 && example.shape[0] > SmallBatch ? [SmallBatch, .. example.shape.Skip(1)] : example.shape;

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
