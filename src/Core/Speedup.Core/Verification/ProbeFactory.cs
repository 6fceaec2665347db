using Speedup.Core.Tracing;
using static TorchSharp.torch;

namespace Speedup.Core.Verification;

/// <summary>
/// Makes inputs beside the example: fresh random values, another batch and spatial size where the model takes one, and else other lengths of
/// single axes, as of a sequence. Seeded, so the same model is always verified on the same inputs; the global generator is not touched.
/// </summary>
internal static class ProbeFactory
{
    private const long Seed = 20_260_701;
    private const long SmallBatch = 2;

    /// <summary>Inputs beyond which no other length is looked for: each takes a pass of both models.</summary>
    private const int MostProbes = 4;

    /// <summary>Runs the masked model on fresh inputs and returns what it said.</summary>
    /// <param name="run">Runs the masked model, in a plain pass if asked to; null where it does not take the inputs.</param>
    /// <param name="example">The example inputs.</param>
    /// <param name="guessesSize">Whether to look for a second size.</param>
    /// <param name="mayBePlain">Whether a plain pass can be compared; one that draws random numbers cannot.</param>
    /// <param name="cancellation">Cancels between runs.</param>
    public static IReadOnlyList<ProbeInput> Create(
        Func<IReadOnlyList<Tensor>, bool, TraceResult?> run,
        IReadOnlyList<Tensor> example,
        bool guessesSize,
        bool mayBePlain,
        CancellationToken cancellation
    )
    {
        using var generator = new Generator(Seed, example[0].device);
        var probes = new List<ProbeInput>();
        AddFirst("fresh random", [1.0], true); // a sample is computed by itself, so that a few are as good as many
        if (guessesSize && example.Any(tensor => tensor.dim() >= 3))
            AddFirst("second size", [0.5, 0.75, 1.25], false);
        for (int axis = 1; guessesSize && axis < example.Max(tensor => tensor.dim()) && probes.Count < MostProbes; axis++)
        {
            if (!IsContract(axis, example) && !probes.Exists(probe => Varies(probe, axis, example)))
                AddOther(axis);
        }
        return probes;

        void AddFirst(string name, double[] scales, bool mayKeepBatch)
        {
            foreach (double scale in scales)
            foreach (bool small in mayKeepBatch || example[0].shape.FirstOrDefault() == 1 ? new[] { true, false } : [true])
            {
                if (TryAdd(name, example.Select(tensor => ShapeOf(tensor, scale, small))))
                    return;
            }
        }

        void AddOther(int axis)
        {
            string name = $"another length of axis {axis}";
            if (TryAdd(name, OtherLength(example, axis, 1))) // a longer one first: what is done once may then be done twice
                return;
            if (FirstWith(example, axis).shape[axis] > 1)
                TryAdd(name, OtherLength(example, axis, -1));
        }

        bool TryAdd(string name, IEnumerable<long[]> shapes)
        {
            cancellation.ThrowIfCancellationRequested();
            Tensor[] inputs = [.. shapes.Select((shape, i) => Draw(example[i], shape, generator))];
            bool isPlain = mayBePlain && probes.Count == 0; // one is enough
            if (run(inputs, isPlain) is not { } expected)
                return false;
            probes.Add(new ProbeInput(name, inputs, expected.Outputs, isPlain, expected.Graph) { Draws = expected.Draws });
            return true;
        }
    }

    /// <summary>Whether an axis counts the channels of images or volumes, of which a model takes one number.</summary>
    private static bool IsContract(int axis, IReadOnlyList<Tensor> example) =>
        axis == 1 && example.All(tensor => tensor.dim() is < 2 or > 3);

    private static bool Varies(ProbeInput probe, int axis, IReadOnlyList<Tensor> example) =>
        probe.Tensors.Zip(example).Any(pair => pair.Second.dim() > axis && pair.First.shape[axis] != pair.Second.shape[axis]);

    /// <summary>Shapes of a few samples with another length of one axis, and of whatever is as long in other inputs, as a mask is for a sequence.</summary>
    private static IEnumerable<long[]> OtherLength(IReadOnlyList<Tensor> example, int axis, int step)
    {
        Tensor first = FirstWith(example, axis);
        long length = first.shape[axis];
        return example.Select(tensor => tensor.shape.Select((own, at) => LengthOf(tensor, own, at)).ToArray());

        long LengthOf(Tensor tensor, long own, int at) =>
            at == 0 && tensor.dim() > 1 ? Math.Min(own, SmallBatch)
            : own == length && (at == axis || (at > 0 && !ReferenceEquals(tensor, first))) ? own + step
            : own;
    }

    private static Tensor FirstWith(IReadOnlyList<Tensor> example, int axis) => example.First(tensor => tensor.dim() > axis);

    private static long[] ShapeOf(Tensor example, double scale, bool smallBatch)
    {
        long[] shape = [.. example.shape];
        for (int axis = 2; axis < shape.Length; axis++)
            shape[axis] = Math.Max(1, (long)Math.Round(shape[axis] * scale));
        bool isOther = !scale.Equals(1.0); // then one sample becomes two: code may be written for one
        if (smallBatch && shape.Length > 1 && (shape[0] > SmallBatch || (isOther && shape[0] == 1)))
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
