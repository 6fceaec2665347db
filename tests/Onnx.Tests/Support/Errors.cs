using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Onnx.Tests.Support;

/// <summary>How far two lists of tensors are apart.</summary>
internal static class Errors
{
    /// <summary>The largest difference, relative to the largest number that is expected of a tensor.</summary>
    public static double Relative(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        double worst = 0;
        foreach ((Tensor wanted, Tensor got) in expected.Zip(actual))
        {
            Assert.Equal(wanted.shape, got.shape);
            Assert.Equal(wanted.dtype, got.dtype);
            using var scope = NewDisposeScope();
            Tensor reference = wanted.to(ScalarType.Float64);
            Tensor distance = (reference - got.to(ScalarType.Float64)).abs();
            Assert.False(distance.isnan().any().ToBoolean(), "a number is none");
            double largest = reference.numel() == 0 ? 1 : Math.Max(reference.abs().max().ToDouble(), 1e-30);
            worst = Math.Max(worst, reference.numel() == 0 ? 0 : distance.max().ToDouble() / largest);
        }
        return worst;
    }
}
