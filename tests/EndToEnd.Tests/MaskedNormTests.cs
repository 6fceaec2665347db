using Speedup.Core.Hosting;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>Masks on the weights of a normalisation alone, as pruners that look at its scales write them: its shift is left.</summary>
public sealed class MaskedNormTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-10)]
    public void Speedup_WhereOnlyTheScalesAreMasked_FoldsTheShifts(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using Sequential model = Create(22);
        using Sequential masked = Create(22);
        model.to(dtype);
        masked.to(dtype);
        Tensor mask = ones(8);
        mask[1] = 0;
        mask[6] = 0;
        using MaskSet masks = MaskFactory.Set(new MaskEntry("norm", "weight", mask.DetachFromDisposeScope()));
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(model, [randn([2, 3, 4, 4], dtype: dtype)], masks);

        Tensor input = randn([3, 3, 5, 4], dtype: dtype);
        Assert.InRange(Numbers.RelativeError(masked.forward(input), model.forward(input)), 0, tolerance);
        Assert.Equal([6, 3, 3, 3], model.state_dict()["conv.weight"].shape);
        Assert.Equal([6], model.state_dict()["norm.running_var"].shape);
        Assert.Equal([4, 6, 1, 1], model.state_dict()["head.weight"].shape);
    }

    private static Sequential Create(int seed)
    {
        Sequential model = nn.Sequential(
            ("conv", nn.Conv2d(3, 8, 3, padding: 1)),
            ("norm", nn.BatchNorm2d(8)),
            ("relu", nn.ReLU()),
            ("head", nn.Conv2d(8, 4, 1))
        );
        manual_seed(seed);
        foreach ((string name, Parameter parameter) in model.named_parameters())
            parameter.normal_(name.StartsWith("norm", StringComparison.Ordinal) ? 0.8 : 0, 0.4);
        foreach ((string name, Tensor buffer) in model.named_buffers().Where(entry => entry.buffer.is_floating_point()))
            buffer.uniform_(0.5, 1.5);
        model.eval();
        return model;
    }
}
