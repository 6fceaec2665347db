using Speedup.Core.Backends;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Backends;

public sealed class CpuConvolutionTests
{
    [Theory]
    [InlineData(17)]
    [InlineData(20)]
    [InlineData(33)]
    [InlineData(50)]
    public void EnsureSound_BeforeAConvolution_MakesFloat32AgreeWithFloat64(long channels)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor input = randn(8, channels, 12, 12);
        Tensor weight = randn(24, channels, 3, 3);

        BackendStatus status = CpuConvolution.EnsureSound();

        Tensor exact = nn.functional.conv2d(input.to(ScalarType.Float64), weight.to(ScalarType.Float64));
        Tensor actual = nn.functional.conv2d(input, weight).to(ScalarType.Float64);
        Assert.NotEqual(BackendStatus.Unsound, status);
        Assert.True(CpuConvolution.AgreesWithFloat64());
        Assert.True((actual - exact).abs().max().item<double>() < 1e-3);
    }
}
