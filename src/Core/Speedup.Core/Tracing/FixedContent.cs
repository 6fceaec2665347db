using System.Reflection;
using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>
/// Reads the content of what a pass computes from the model's own tensors alone: weights that are normalised, quantised or merged in
/// <c>forward</c>. It is the same in every call, so that a slice that holds one value holds it always.
/// </summary>
internal sealed class FixedContent
{
    /// <summary>Elements beyond which a tensor is not read.</summary>
    private const long MostElements = 1L << 24;

    /// <summary>Parts of the names of functions that draw, or that make tensors without saying what is in them.</summary>
    private static readonly string[] Random =
    [
        "rand",
        "bernoulli",
        "normal",
        "dropout",
        "multinomial",
        "uniform",
        "exponential",
        "geometric",
        "cauchy",
        "poisson",
        "gumbel",
        "binomial",
        "empty",
    ];

    private readonly HashSet<int> _fixed = [];
    private readonly Dictionary<int, double[][]> _slices = [];

    /// <summary>For each value that was read, and each of its axes, the value that each index holds; NaN where it holds several.</summary>
    public IReadOnlyDictionary<int, double[][]> Slices => _slices;

    /// <summary>Notes a tensor of the model.</summary>
    public void AddConstant(int value) => _fixed.Add(value);

    /// <summary>Notes a call, and reads what it has computed where it depends on the model's tensors only.</summary>
    public void AddCall(MethodInfo method, int[] inputs, int[] outputs, Tensor[] results)
    {
        if (inputs.Length == 0 || !Array.TrueForAll(inputs, _fixed.Contains) || IsRandom(method))
            return;
        foreach ((int value, Tensor result) in outputs.Zip(results))
        {
            _fixed.Add(value);
            if (is_floating_point(result.dtype) && result.numel() is > 0 and <= MostElements)
                _slices[value] = [.. Enumerable.Range(0, (int)result.dim()).Select(axis => ReadSlices(result, axis))];
        }
    }

    private static bool IsRandom(MethodInfo method) =>
        Array.Exists(Random, part => method.Name.Contains(part, StringComparison.OrdinalIgnoreCase))
        && method.Name is not ("batch_norm" or "layer_norm" or "group_norm" or "instance_norm" or "normalize");

    private static double[] ReadSlices(Tensor tensor, int axis)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor slices = tensor.detach().to(ScalarType.Float64).movedim([axis], [0]);
        slices = slices.reshape(slices.shape[0], -1);
        Tensor low = slices.amin([1]);
        return where(low.eq(slices.amax([1])), low, double.NaN).cpu().data<double>().ToArray();
    }
}
