using static TorchSharp.torch;

namespace Speedup.Core.Probing;

/// <summary>Makes and cuts the tensors of probes.</summary>
internal static class ProbeTensors
{
    /// <summary>Standard normal tensors in float64.</summary>
    public static Tensor[] Draw(IReadOnlyList<IReadOnlyList<long>> shapes, Generator generator) =>
        [.. shapes.Select(shape => randn([.. shape], ScalarType.Float64, generator: generator))];

    /// <summary>A tensor as [length of an axis, everything else].</summary>
    public static Tensor PerIndex(Tensor tensor, int axis) => tensor.movedim([axis], [0]).reshape(tensor.shape[axis], -1);

    /// <summary>A tensor without some indices of an axis.</summary>
    public static Tensor Without(Tensor value, int axis, IReadOnlyList<bool> removed)
    {
        long[] kept = [.. Enumerable.Range(0, removed.Count).Where(i => !removed[i]).Select(i => (long)i)];
        return value.index_select(axis, tensor(kept, device: value.device));
    }

    /// <summary>Whether two tensors agree but for rounding.</summary>
    public static bool AreClose(Tensor first, Tensor second)
    {
        if (!first.shape.SequenceEqual(second.shape))
            return false;
        return first.numel() == 0 || first.allclose(second, rtol: 1e-9, atol: 1e-9, equal_nan: true);
    }
}
