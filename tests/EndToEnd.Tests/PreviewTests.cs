using Speedup.Abstractions;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>A small model that is looked at and taken back.</summary>
public sealed class PreviewTests
{
    [Fact]
    public void Preview_ShowsTheSmallModel_AndLeavesTheModelAsItWas()
    {
        using var scope = NewDisposeScope();
        using Sequential model = Build();
        using Sequential masked = Build(model);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv", 0, 4));
        Numbers.ApplyMasks(masked, masks);
        Tensor input = randn(3, 3, 9, 7, dtype: ScalarType.Float64);
        masked.eval();
        Tensor expected = masked.call(input);
        model.train();
        Snapshot before = Snapshot.Of(model);

        (long rows, double error, bool training, bool gradients) = Engine.Shared.Preview(
            model,
            [randn(2, 3, 6, 6, dtype: ScalarType.Float64)],
            masks,
            report =>
                (
                    model.state_dict()["conv.weight"].shape[0],
                    Numbers.RelativeError(expected, model.call(input)),
                    model.training,
                    is_grad_enabled() && report.ParametersAfter < report.ParametersBefore
                )
        );

        Assert.Equal(8, rows);
        Assert.InRange(error, 0, 1e-10);
        Assert.False(training);
        Assert.False(gradients);
        Assert.Empty(before.Differences(Snapshot.Of(model)));
        Assert.Equal(before, Snapshot.Of(model));
    }

    /// <summary>Running it moves counters, which must not be seen afterwards.</summary>
    [Fact]
    public void Preview_OfAModelThatKeepsState_PutsTheStateBack()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = new StatefulModelTests.Counting();
        model.call(randn(1, 3, 6, 6));
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv", 0, 4));
        Snapshot before = Snapshot.Of(model);

        float passes = Engine.Shared.Preview(
            model,
            [randn(2, 3, 6, 6)],
            masks,
            _ =>
            {
                model.call(randn(1, 3, 6, 6));
                model.call(randn(1, 3, 6, 6));
                return model.state_dict()["passes"].ToSingle();
            }
        );

        Assert.Equal(3, passes);
        Assert.Equal(before, Snapshot.Of(model));
    }

    [Fact]
    public void Preview_WhoseLookThrows_ThrowsThatAndLeavesTheModelAsItWas()
    {
        using var scope = NewDisposeScope();
        using Sequential model = Build();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv", 1));
        Tensor input = randn(2, 3, 6, 6, dtype: ScalarType.Float64);
        Snapshot before = Snapshot.Of(model);

        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() =>
            Engine.Shared.Preview<int>(model, [input], masks, _ => throw new InvalidOperationException("seen enough"))
        );

        Assert.Equal("seen enough", thrown.Message);
        Assert.Equal(before, Snapshot.Of(model));
        Assert.Equal(9, Engine.Shared.Preview(model, [input], masks, _ => (int)model.state_dict()["conv.weight"].shape[0]));
    }

    [Fact]
    public void Preview_InsideAPreview_IsRefused()
    {
        using var scope = NewDisposeScope();
        using Sequential model = Build();
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv", 1));
        Tensor input = randn(2, 3, 6, 6, dtype: ScalarType.Float64);

        SpeedupException refused = Assert.Throws<SpeedupException>(() =>
            Engine.Shared.Preview(model, [input], masks, _ => Engine.Shared.Speedup(model, [input], MaskSet.Empty))
        );

        Assert.Equal("SPD2004", refused.Code);
        Assert.Equal(10, model.state_dict()["conv.weight"].shape[0]);
    }

    private static Sequential Build(Sequential? like = null)
    {
        Sequential model = nn.Sequential(
            ("conv", nn.Conv2d(3, 10, 3, padding: 1, dtype: ScalarType.Float64)),
            ("norm", nn.BatchNorm2d(10, dtype: ScalarType.Float64)),
            ("relu", nn.ReLU()),
            ("head", nn.Conv2d(10, 4, 3, dtype: ScalarType.Float64))
        );
        using IDisposable noGradients = no_grad();
        foreach ((_, Tensor buffer) in model.named_buffers().Where(entry => entry.buffer.is_floating_point()))
            buffer.uniform_(0.5, 1.5);
        if (like is not null)
            model.load_state_dict(like.state_dict());
        return model;
    }
}
