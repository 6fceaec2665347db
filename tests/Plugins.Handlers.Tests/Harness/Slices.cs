using Speedup.Abstractions;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>Reads and writes slices of tensors as facts describe them.</summary>
internal static class Slices
{
    /// <summary>A random tensor whose constant slices hold their constants.</summary>
    public static Tensor Random(IReadOnlyList<long> shape, TensorFacts facts)
    {
        Tensor result = randn([.. shape], dtype: ScalarType.Float64);
        foreach (var (axis, index) in Where(facts, (axis, i) => axis.IsConstant(i)))
            result.narrow(axis, index, 1).fill_(facts[axis].ConstantAt(index));
        return result;
    }

    /// <summary>The tensor with other numbers in all unused slices.</summary>
    public static Tensor Disturb(Tensor tensor, TensorFacts facts)
    {
        Tensor result = tensor.clone();
        foreach (var (axis, index) in Where(facts, (axis, i) => !axis.IsUsed(i)))
            result.narrow(axis, index, 1).normal_(0, 3);
        return result;
    }

    /// <summary>The kept indices of every axis.</summary>
    public static Tensor Select(Tensor value, Func<int, IReadOnlyList<long>> kept)
    {
        for (int axis = 0; axis < value.dim(); axis++)
        {
            IReadOnlyList<long> indices = kept(axis);
            if (indices.Count < value.shape[axis])
                value = value.index_select(axis, tensor(indices.ToArray()));
        }
        return value;
    }

    public static void AssertConstants(Tensor value, TensorFacts facts)
    {
        foreach (var (axis, index) in Where(facts, (axis, i) => axis.IsConstant(i)))
        {
            double claimed = facts[axis].ConstantAt(index);
            using Tensor expected = tensor(claimed); // a number itself becomes a Scalar that TorchSharp lets the collector free during the call
            double error = (value.narrow(axis, index, 1) - expected).abs().max().ToDouble();
            Assert.True(error <= 1e-12 * (1 + Math.Abs(claimed)), $"axis {axis}, index {index}: claimed {claimed}, off by {error}");
        }
    }

    /// <summary>Compares where a mask of the same shape is true.</summary>
    public static void AssertEqual(Tensor expected, Tensor actual, Tensor relevant, string what)
    {
        Assert.Equal(expected.shape, actual.shape);
        Tensor same = expected.eq(actual) | (expected.isnan() & actual.isnan()); // 1 / 0 is what it is
        double error = where(relevant & ~same, (expected - actual).abs(), zeros_like(expected)).max().ToDouble();
        double scale = where(expected.isfinite(), expected.abs(), zeros_like(expected)).max().ToDouble();
        Assert.True(error <= 1e-11 * (1 + scale), $"{what}: off by {error}");
    }

    /// <summary>True except in the slices that a condition names.</summary>
    public static Tensor Outside(Tensor value, TensorFacts facts, Func<AxisFacts, int, bool> condition)
    {
        Tensor result = ones(value.shape, dtype: ScalarType.Bool);
        foreach (var (axis, index) in Where(facts, condition))
            result.narrow(axis, index, 1).zero_();
        return result;
    }

    private static IEnumerable<(int Axis, int Index)> Where(TensorFacts facts, Func<AxisFacts, int, bool> condition) =>
        from axis in Enumerable.Range(0, facts.Rank)
        from index in Enumerable.Range(0, facts[axis].Length)
        where condition(facts[axis], index)
        select (axis, index);
}
