using System.Reflection;
using Speedup.Core.Graph;
using TorchSharp;
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

    /// <summary>Functions whose whole numbers name axes. Those of others may be sizes, which differ from call to call.</summary>
    private static readonly HashSet<string> TakesAxes =
    [
        "sum",
        "mean",
        "amax",
        "amin",
        "norm",
        "vector_norm",
        "std",
        "var",
        "softmax",
        "transpose",
        "permute",
        "movedim",
        "unsqueeze",
        "squeeze",
        "flatten",
    ];

    private readonly HashSet<int> _fixed = [];
    private readonly HashSet<int> _scaled = [];
    private readonly Dictionary<int, double[][]> _slices = [];

    /// <summary>For each value that was read, and each of its axes, the value that each index holds; NaN where it holds several.</summary>
    public IReadOnlyDictionary<int, double[][]> Slices => _slices;

    /// <summary>Notes a tensor of the model.</summary>
    public void AddConstant(int value) => _fixed.Add(value);

    /// <summary>Notes a call, and reads what it has computed where it depends on the model's tensors only.</summary>
    /// <param name="call">The call.</param>
    /// <param name="results">The tensors that it has produced.</param>
    public void AddCall(GraphNode call, Tensor[] results)
    {
        bool isFixed = call.Inputs.Count > 0 && call.Inputs.All(_fixed.Contains) && !IsRandom(call.Method!) && !TakesSizes(call);
        if (!isFixed)
            return;
        bool isScaled = call.Inputs.Any(_scaled.Contains) || call.Arguments.Values.Any(argument => argument is Scalar or float or double);
        foreach ((int value, Tensor result) in call.Outputs.Zip(results))
        {
            _fixed.Add(value);
            if (isScaled)
                _scaled.Add(value);
            if (is_floating_point(result.dtype) && result.numel() is > 0 and <= MostElements)
                _slices[value] = [.. Enumerable.Range(0, (int)result.dim()).Select(axis => ReadSlices(result, axis, isScaled))];
        }
    }

    /// <summary>Whether a call takes whole numbers that need not be the same in every call: indices, bounds, lengths.</summary>
    private static bool TakesSizes(GraphNode call) =>
        !TakesAxes.Contains(call.Method!.Name)
        && call.Method.GetParameters()
            .Any(parameter =>
                call.Arguments.GetValueOrDefault(parameter.Name!) is { } argument
                && argument
                    is long
                        or int
                        or TensorIndex
                        or IEnumerable<TensorIndex>
                        or IEnumerable<long>
                        or IEnumerable<int>
                        or List<object?>
                && !argument.Equals(parameter.HasDefaultValue ? parameter.DefaultValue : null)
            );

    private static bool IsRandom(MethodInfo method) =>
        Array.Exists(Random, part => method.Name.Contains(part, StringComparison.OrdinalIgnoreCase))
        && method.Name is not ("batch_norm" or "layer_norm" or "group_norm" or "instance_norm" or "normalize");

    /// <summary>What each index of an axis holds. Of what was scaled by a number, which may depend on a size, zero is all that is certain.</summary>
    private static double[] ReadSlices(Tensor tensor, int axis, bool isScaled)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor slices = tensor.detach().to(ScalarType.Float64).movedim([axis], [0]);
        slices = slices.reshape(slices.shape[0], -1);
        Tensor low = slices.amin([1]);
        Tensor isOne = low.eq(slices.amax([1]));
        return where(isScaled ? isOne.logical_and(low.logical_not()) : isOne, low, double.NaN).cpu().data<double>().ToArray();
    }
}
