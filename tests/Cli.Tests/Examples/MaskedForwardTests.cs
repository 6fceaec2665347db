using Speedup.Cli.Examples;
using Speedup.Cli.Examples.Models;
using Speedup.Persistence.Masks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Cli.Tests.Examples;

public sealed class MaskedForwardTests
{
    [Fact]
    public void Dispose_AfterPasses_RestoresEveryWeightBitForBit()
    {
        using var scope = NewDisposeScope();
        using var model = new NaiveMnist();
        using MaskSet masks = HalfOfConv1();
        byte[][] before = Bytes(model);
        bool[] gradients = [.. model.parameters().Select(parameter => parameter.requires_grad)];

        using (var masked = new MaskedForward(model, masks))
        {
            masked.Forward(randn(2, 1, 28, 28));
            masked.Forward(randn(2, 1, 28, 28));
        }

        Assert.Equal(before, Bytes(model));
        Assert.Equal(gradients, model.parameters().Select(parameter => parameter.requires_grad));
    }

    [Fact]
    public void Forward_WithMasks_ComputesWithMultipliedWeights()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new NaiveMnist();
        using MaskSet masks = HalfOfConv1();
        using var expectedModel = new NaiveMnist();
        expectedModel.load_state_dict(model.state_dict());
        foreach (MaskEntry entry in masks.Entries)
            expectedModel.state_dict()[$"{entry.ModulePath}.{entry.Parameter}"].mul_(entry.Mask);
        Tensor input = randn(2, 1, 28, 28);

        using var masked = new MaskedForward(model, masks);
        Tensor actual = masked.Forward(input);

        Assert.Equal(expectedModel.forward(input).data<float>().ToArray(), actual.data<float>().ToArray());
        Assert.NotEqual(Unmasked(input, model, masked), actual.data<float>().ToArray());
    }

    [Fact]
    public void Constructor_OnAMaskOfAnotherShape_NamesTheParameter()
    {
        using var scope = NewDisposeScope();
        using var model = new NaiveMnist();
        using var masks = new MaskSet([new MaskEntry("conv1", "weight", ones(3, 1, 5, 5))]);

        var error = Assert.Throws<InvalidOperationException>(() => new MaskedForward(model, masks));

        Assert.Contains("'conv1.weight'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_AfterPasses_LeavesNoTensorBehind()
    {
        using var model = new NaiveMnist();
        using MaskSet masks = HalfOfConv1();
        using Tensor input = randn(2, 1, 28, 28);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (var masked = new MaskedForward(model, masks))
        using (NewDisposeScope())
            masked.Forward(input);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static float[] Unmasked(Tensor input, NaiveMnist model, MaskedForward masked)
    {
        masked.Dispose();
        return model.forward(input).data<float>().ToArray();
    }

    private static MaskSet HalfOfConv1()
    {
        Tensor weight = ones(20, 1, 5, 5);
        Tensor bias = ones(20);
        for (int i = 0; i < 20; i += 2)
        {
            using Tensor row = weight[i];
            row.zero_();
            bias[i] = 0;
        }
        return new MaskSet([new MaskEntry("conv1", "weight", weight), new MaskEntry("conv1", "bias", bias)]);
    }

    private static byte[][] Bytes(nn.Module model) => [.. model.state_dict().Values.Select(tensor => tensor.bytes.ToArray())];
}
