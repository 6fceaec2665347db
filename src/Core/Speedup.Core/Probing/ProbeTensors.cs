using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Probing;

/// <summary>Makes and cuts the tensors of probes.</summary>
internal static class ProbeTensors
{
    private const double RelativeTolerance = 1e-9;

    /// <summary>What is left of numbers that cancel, relative to them.</summary>
    private const double Rounding = 1e-12;

    /// <summary>The ranges in which the numbers of so many tensors are drawn; that of zeros is the last.</summary>
    public static IEnumerable<ProbeRange> RangesOf(int count) =>
        Enum.GetValues<ProbeRange>().Where(range => count > 1 || range is not (ProbeRange.LargeFirst or ProbeRange.SmallFirst));

    /// <summary>Tensors of some shapes and types: random in a range in float64 or complex128, or truths.</summary>
    public static Tensor[] Draw(
        IReadOnlyList<IReadOnlyList<long>> shapes,
        IReadOnlyList<ScalarType> types,
        ProbeRange range,
        Generator generator
    ) => [.. shapes.Zip(types).Select((tensor, position) => Draw([.. tensor.First], tensor.Second, OfInput(range, position), generator))];

    /// <summary>What a tensor of any type holds, as real numbers in float64; complex ones with their parts on a last axis.</summary>
    public static Tensor AsReal(Tensor tensor) =>
        (is_complex(tensor) ? view_as_real(tensor.resolve_conj()) : tensor).to(ScalarType.Float64);

    /// <summary>A tensor as [length of an axis, everything else].</summary>
    public static Tensor PerIndex(Tensor tensor, int axis) => tensor.movedim([axis], [0]).reshape(tensor.shape[axis], -1);

    /// <summary>A tensor without some indices of an axis.</summary>
    public static Tensor Without(Tensor value, int axis, IReadOnlyList<bool> removed)
    {
        long[] kept = [.. Enumerable.Range(0, removed.Count).Where(i => !removed[i]).Select(i => (long)i)];
        return value.index_select(axis, tensor(kept, device: value.device));
    }

    /// <summary>A tensor with an axis of another length: part of its indices, or all of them and some again.</summary>
    public static Tensor Resize(Tensor value, int axis, long length) =>
        value.index_select(axis, arange(length, ScalarType.Int64, value.device).remainder(value.shape[axis]));

    /// <summary>Whether two tensors agree but for rounding, given how large the numbers are from which they were computed.</summary>
    public static bool AreClose(Tensor first, Tensor second, double inputSize)
    {
        if (!first.shape.SequenceEqual(second.shape))
            return false;
        if (first.numel() == 0)
            return true;
        Tensor expected = AsReal(first);
        double noise = (RelativeTolerance * SizeOf(expected)) + (Rounding * inputSize);
        return expected.allclose(AsReal(second), rtol: RelativeTolerance, atol: noise, equal_nan: true);
    }

    /// <summary>The largest finite magnitude among tensors.</summary>
    public static double SizeOf(params IEnumerable<Tensor> tensors) =>
        tensors
            .Where(tensor => tensor.numel() > 0)
            .Select(tensor => AsReal(tensor).abs().nan_to_num(0, 0, 0).amax().ToDouble())
            .DefaultIfEmpty(0)
            .Max();

    private static ProbeRange OfInput(ProbeRange range, int position) =>
        range switch
        {
            ProbeRange.LargeFirst => position % 2 == 0 ? ProbeRange.Large : ProbeRange.Small,
            ProbeRange.SmallFirst => position % 2 == 0 ? ProbeRange.Small : ProbeRange.Large,
            _ => range,
        };

    private static Tensor Draw(long[] shape, ScalarType type, ProbeRange range, Generator generator)
    {
        Tensor real = DrawReal(shape, range, generator);
        return is_complex(type) ? complex(real, DrawReal(shape, range, generator))
            : type != ScalarType.Bool ? real
            : range == ProbeRange.Normal || range == ProbeRange.Large ? real.gt(zeros_like(real))
            : real.to(ScalarType.Bool); // all of them true, or none, or those that a ReLU leaves
    }

    private static Tensor DrawReal(long[] shape, ProbeRange range, Generator generator)
    {
        Tensor normal = randn(shape, ScalarType.Float64, generator: generator);
        return range switch
        {
            ProbeRange.Small => normal * 1e-3,
            ProbeRange.Large => normal * 1e3,
            ProbeRange.Image => rand(shape, ScalarType.Float64, generator: generator) * 255,
            ProbeRange.Negative => -normal.abs(),
            ProbeRange.Rectified => normal.relu(),
            ProbeRange.Zero => zeros_like(normal),
            _ => normal,
        };
    }
}
