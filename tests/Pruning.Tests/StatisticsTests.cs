using Pruning.Tests.Support;
using Speedup.Pruning.Abstractions;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Pruning.Tests;

/// <summary>What is measured on batches, against what a test computes by itself; the model is afterwards what it was.</summary>
public sealed class StatisticsTests
{
    [Theory]
    [InlineData("apoz")]
    [InlineData("apoz-relu6")]
    [InlineData("mean-activation")]
    [InlineData("mean-activation-relu6")]
    [InlineData("mean-activation-gelu")]
    public void Score_OverTwoBatches_IsTheMeanOverAllSamplesAndPositions(string name)
    {
        using var noGradient = no_grad();
        using Sequential model = Network();
        Tensor[] inputs = [randn(3, 3, 12, 12) * 4, randn(5, 3, 12, 12) * 4];

        ChannelScores scores = Host.ChannelPruner(name).Score(RequestOf(model, inputs));

        Tensor output = ((Conv2d)model[0]).call(cat(inputs, 0));
        Tensor activated =
            name.EndsWith("relu6", StringComparison.Ordinal) ? nn.functional.relu6(output)
            : name.EndsWith("gelu", StringComparison.Ordinal) ? nn.functional.gelu(output)
            : nn.functional.relu(output);
        Tensor counted = name.StartsWith("apoz", StringComparison.Ordinal) ? activated.ne(0) : activated;
        double[] expected = [.. counted.to(ScalarType.Float64).mean([0, 2, 3]).data<double>()];
        Assert.Equal(expected.Length, scores.Find("conv")!.Values.Count);
        Assert.All(expected.Zip(scores.Find("conv")!.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Taylor_OfTwoBatches_AddsSquaresOfWeightTimesGradient()
    {
        using Sequential model = Network();
        Tensor[] inputs = [randn(3, 3, 12, 12), randn(5, 3, 12, 12)];
        model.parameters().First().requires_grad = false; // a frozen layer is judged, too

        ChannelScores scores = Host.ChannelPruner("taylor").Score(RequestOf(model, inputs));

        Assert.False(model.parameters().First().requires_grad);
        model.parameters().First().requires_grad = true;
        double[] expected = new double[8];
        foreach (Tensor input in inputs)
        {
            model.zero_grad();
            Loss(model, new CalibrationBatch([input])).backward();
            Tensor weight = ((Conv2d)model[0]).weight;
            using var noGradient = no_grad();
            double[] part = [.. (weight * weight.grad!).square().sum([1, 2, 3]).to(ScalarType.Float64).data<double>()];
            for (int i = 0; i < part.Length; i++)
                expected[i] += part[i];
        }
        Assert.All(expected.Zip(scores.Find("conv")!.Values), pair => Assert.Equal(1, pair.Second / pair.First, 1e-4));
    }

    [Theory]
    [InlineData("apoz")]
    [InlineData("taylor")]
    public void Prune_OfAModelInTraining_LeavesItAsItIs(string name)
    {
        using Sequential model = Network();
        model.train();
        model.children().Last().eval(); // one part is not in training
        using Tensor gradient = ones_like(((Conv2d)model[0]).weight);
        ((Conv2d)model[0]).weight.grad = gradient;
        Dictionary<string, float[]> before = model.state_dict().ToDictionary(item => item.Key, item => Values(item.Value));

        Host.Pruner(name).Prune(RequestOf(model, [randn(3, 3, 12, 12)])).Dispose();

        Assert.Equal([true, true, false], model.children().Select(child => child.training));
        Assert.True(model.training);
        Assert.Equal(gradient.numel(), ((Conv2d)model[0]).weight.grad!.sum().item<float>());
        Assert.All(model.state_dict(), item => Assert.Equal(before[item.Key], Values(item.Value)));
    }

    private static float[] Values(Tensor tensor)
    {
        using var noGradient = no_grad();
        return [.. tensor.to(ScalarType.Float32).data<float>()];
    }

    private static Sequential Network() => Nets.Row(("conv", nn.Conv2d(3, 8, 3)), ("bn", nn.BatchNorm2d(8)), ("next", nn.Conv2d(8, 4, 3)));

    private static Tensor Loss(nn.Module model, CalibrationBatch batch) => ((Sequential)model).call(batch.Inputs[0]).square().mean();

    private static PruningRequest RequestOf(Sequential model, Tensor[] inputs) =>
        new()
        {
            Model = model,
            Targets = PruningTargets.Resolve(model, [new PruningRule { Sparsity = 0.5, OpTypes = ["Conv2d"] }], []),
            Statistics = new CalibrationData([.. inputs.Select(input => new CalibrationBatch([input]))], Loss),
        };
}
