using static TorchSharp.torch;

namespace Speedup.Core.Verification;

/// <summary>
/// Makes inputs of the same shapes whose numbers are of another scale. What a handler or a probe took for a constant may be one among numbers
/// around one, and none among those of an image. Every input costs a pass of both models, so that there are two, and the samples of a batch
/// differ: large numbers, as of an image, all positive in one sample and all negative in the next; and small ones, with zeros in the first
/// sample.
/// </summary>
internal static class ScaledInputs
{
    /// <summary>Name of the input of large numbers.</summary>
    public const string Large = "large numbers";

    /// <summary>Name of the input of small numbers.</summary>
    public const string Small = "small numbers and zeros";

    private const long Seed = 20_260_703;
    private const double LargeSize = 255;
    private const double SmallSize = 1e-3;

    /// <summary>Runs the masked model on variants of an input and returns what it said.</summary>
    /// <param name="run">Runs the masked model in a traced pass, which is guarded; null where it does not take the inputs.</param>
    /// <param name="input">An input that it takes: a fresh one, with a small batch.</param>
    /// <param name="cancellation">Cancels between runs.</param>
    public static IReadOnlyList<CheckInput> Create(
        Func<IReadOnlyList<Tensor>, bool, Tracing.TraceResult?> run,
        CheckInput input,
        CancellationToken cancellation
    )
    {
        var checkInputs = new List<CheckInput>();
        foreach ((string name, Tensor[] tensors) in VariantsOf(input.Tensors))
        {
            cancellation.ThrowIfCancellationRequested();
            if (run(tensors, false) is { } expected)
                checkInputs.Add(
                    new CheckInput(name, tensors, expected.Outputs, false, expected.Graph)
                    {
                        IsScaled = true,
                        IsVariant = true,
                        Draws = expected.Draws,
                    }
                );
        }
        return checkInputs;
    }

    /// <summary>The variants; none of an input of whole numbers and truths, which may be indices and stay what they are.</summary>
    private static IEnumerable<(string Name, Tensor[] Tensors)> VariantsOf(IReadOnlyList<Tensor> input)
    {
        if (!input.Any(CanScale))
            yield break;
        using var generator = new Generator(Seed, input[0].device);
        yield return (Large, [.. input.Select(tensor => CanScale(tensor) ? DrawLarge(tensor, generator) : tensor)]);
        yield return (Small, [.. input.Select(tensor => CanScale(tensor) ? DrawSmall(tensor, generator) : tensor)]);
    }

    private static bool CanScale(Tensor tensor) => tensor.is_floating_point() || tensor.is_complex();

    private static Tensor DrawLarge(Tensor tensor, Generator generator)
    {
        using var scope = NewDisposeScope();
        Tensor values = rand(tensor.shape, ScalarType.Float32, tensor.device, generator: generator) * LargeSize;
        if (tensor.dim() > 1 && tensor.shape[0] > 1)
            values = values * SignsOf(tensor);
        return values.to(tensor.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Samples by turns: what is positive in one and negative in the next is seen by itself.</summary>
    private static Tensor SignsOf(Tensor tensor)
    {
        long[] perSample = [tensor.shape[0], .. Enumerable.Repeat(1L, (int)tensor.dim() - 1)];
        return 1 - (2 * arange(tensor.shape[0], ScalarType.Float32, tensor.device).remainder(2).reshape(perSample));
    }

    private static Tensor DrawSmall(Tensor tensor, Generator generator)
    {
        using var scope = NewDisposeScope();
        Tensor values = randn(tensor.shape, ScalarType.Float32, tensor.device, generator: generator) * SmallSize;
        if (tensor.dim() > 1 && tensor.shape[0] > 1)
            values[0].zero_();
        return values.to(tensor.dtype).MoveToOuterDisposeScope();
    }
}
