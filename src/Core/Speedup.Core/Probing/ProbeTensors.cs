using static TorchSharp.torch;

namespace Speedup.Core.Probing;

/// <summary>Makes and cuts the tensors of probes.</summary>
internal static class ProbeTensors
{
    /// <summary>Inputs of a call: standard normal in float64 or complex128, or truths.</summary>
    public static Tensor[] Draw(RepeatableCall call, Generator generator) =>
        [.. call.InputShapes.Zip(call.InputTypes).Select(input => Draw([.. input.First], input.Second, generator))];

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

    /// <summary>Whether two tensors agree but for rounding.</summary>
    public static bool AreClose(Tensor first, Tensor second)
    {
        if (!first.shape.SequenceEqual(second.shape))
            return false;
        return first.numel() == 0 || AsReal(first).allclose(AsReal(second), rtol: 1e-9, atol: 1e-9, equal_nan: true);
    }

    private static Tensor Draw(long[] shape, ScalarType type, Generator generator)
    {
        Tensor real = randn(shape, ScalarType.Float64, generator: generator);
        return type == ScalarType.Bool ? real.gt(0)
            : is_complex(type) ? complex(real, randn(shape, ScalarType.Float64, generator: generator))
            : real;
    }
}
