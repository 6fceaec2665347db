using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Onnx.Abstractions;

/// <summary>Numbers as tensors of the graph, and arithmetic on numbers that may follow sizes.</summary>
public static class OnnxConstants
{
    /// <summary>Whole numbers as a tensor of shape [n] of 64-bit integers.</summary>
    public static OnnxValue Integers(this IOnnxGraph graph, params long[] numbers)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using Tensor tensor = torch.tensor(numbers);
        return graph.Constant(tensor);
    }

    /// <summary>A number as a tensor without axes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="number">The number; it is rounded to the element type as TorchSharp does.</param>
    /// <param name="dtype">The element type.</param>
    public static OnnxValue Scalar(this IOnnxGraph graph, double number, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using Tensor exact = torch.tensor(number, ScalarType.Float64);
        using Tensor tensor = exact.to(dtype);
        return graph.Constant(tensor);
    }

    /// <summary>Whole numbers as a tensor of shape [n] of 64-bit integers, computed where one of them is.</summary>
    public static OnnxValue Numbers(this IOnnxGraph graph, IReadOnlyList<OnnxNumber> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        return numbers.All(number => number.IsFixed)
            ? graph.Integers([.. numbers.Select(number => number.Value)])
            : graph.Concat(0, [.. numbers.Select(number => number.Computed ?? graph.Integers(number.Value))]);
    }

    /// <summary>A number as a tensor without axes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="number">The number.</param>
    /// <param name="dtype">The element type.</param>
    public static OnnxValue NumberScalar(this IOnnxGraph graph, OnnxNumber number, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(number);
        return number.Computed is { } computed ? graph.Cast(graph.Squeeze(computed, 0), dtype) : graph.Scalar(number.Value, dtype);
    }

    /// <summary>The sum of two numbers.</summary>
    public static OnnxNumber Sum(this IOnnxGraph graph, OnnxNumber left, OnnxNumber right) =>
        graph.Combine("Add", left, right, (a, b) => a + b);

    /// <summary>The difference of two numbers.</summary>
    public static OnnxNumber Difference(this IOnnxGraph graph, OnnxNumber left, OnnxNumber right) =>
        graph.Combine("Sub", left, right, (a, b) => a - b);

    /// <summary>The product of two numbers.</summary>
    public static OnnxNumber Product(this IOnnxGraph graph, OnnxNumber left, OnnxNumber right) =>
        graph.Combine("Mul", left, right, (a, b) => a * b);

    /// <summary>The quotient of two numbers that are not negative, rounded down.</summary>
    public static OnnxNumber Quotient(this IOnnxGraph graph, OnnxNumber left, OnnxNumber right) =>
        graph.Combine("Div", left, right, (a, b) => a / b);

    private static OnnxNumber Combine(this IOnnxGraph graph, string type, OnnxNumber left, OnnxNumber right, Func<long, long, long> compute)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        long value = compute(left.Value, right.Value);
        if (left.IsFixed && right.IsFixed)
            return value;
        return new OnnxNumber(value, graph.Add(type, [graph.Numbers([left]), graph.Numbers([right])]));
    }
}
