using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests.State;

/// <summary>Models that draw random numbers in evaluation mode: both are compared with the same noise, and shrink.</summary>
public sealed class NoiseTests
{
    public static TheoryData<string, bool> Kinds
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (string kind in NoisyModel.Kinds)
            {
                data.Add(kind, false);
                data.Add(kind, true);
            }
            return data;
        }
    }

    /// <summary>Columns that nobody reads go, whatever noise there is.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Speedup_OfANoisyModel_TakesWhatNobodyReads(string kind, bool withMasks)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using NoisyModel model = UnusualModel.Draw(new NoisyModel(kind));
        using MaskSet masks = withMasks ? MaskFactory.Set(Columns(model, 1, 4, 5)) : MaskSet.Empty;
        Tensor example = randn(4, 10);
        byte[] random = get_rng_state().bytes.ToArray();

        SpeedupReport report = ModelSpeedup.Run(model, [example], masks);

        Assert.Equal(random, get_rng_state().bytes.ToArray());
        bool isKept = !withMasks || kind is "multinomial" or "dropout in place" or "randperm";
        Assert.Equal(isKept ? 16 : 13, model.state_dict()["first.weight"].shape[0]);
        Assert.InRange(report.Verification.MaxRelativeError, 0, 1e-5);
        Assert.Contains(report.Notes, note => note.Contains("random", StringComparison.Ordinal) || kind == "own generator");
        foreach (long batch in new long[] { 1, 3, 7 })
            Assert.Equal([batch, 6], model.forward(randn(batch, 10)).shape);
    }

    /// <summary>Filters that are zero, biases too, go where noise is multiplied, and stay where it is added.</summary>
    [Theory]
    [InlineData("dropout", 13)]
    [InlineData("rand_like", 13)]
    [InlineData("bernoulli", 13)]
    [InlineData("poisson", 13)]
    [InlineData("randn_like", 16)]
    [InlineData("alpha_dropout", 16)]
    public void Speedup_OfANoisyModelWithPrunedFilters_KeepsThoseThatTheNoiseReaches(string kind, long filters)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using NoisyModel model = UnusualModel.Draw(new NoisyModel(kind));
        using MaskSet masks = CallsInARow.Masks(model, withBias: true);

        SpeedupReport report = ModelSpeedup.Run(model, [randn(4, 10)], masks);

        Assert.Equal(filters, model.state_dict()["first.weight"].shape[0]);
        Assert.InRange(report.Verification.MaxRelativeError, 0, 1e-5);
    }

    /// <summary>The mean over many draws is what the masked model's is: the noise of the small model is not another one.</summary>
    [Fact]
    public void Speedup_OfAModelWithDropout_KeepsItsDistribution()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using NoisyModel small = UnusualModel.Draw(new NoisyModel("dropout"));
        using NoisyModel masked = UnusualModel.Draw(new NoisyModel("dropout"));
        using MaskSet masks = CallsInARow.Masks(small, withBias: true);
        Numbers.ApplyMasks(masked, masks);

        ModelSpeedup.Run(small, [randn(4, 10)], masks);

        Tensor input = randn(1, 10).expand(40_000, 10);
        manual_seed(5);
        Tensor expected = masked.forward(input);
        manual_seed(6);
        Tensor actual = small.forward(input);
        Assert.InRange(Numbers.RelativeError(expected.mean([0L]), actual.mean([0L])), 0, 0.05);
        Assert.InRange(Numbers.RelativeError(expected.std([0L]), actual.std([0L])), 0, 0.05);
    }

    private static MaskEntry Columns(nn.Module model, params int[] columns)
    {
        Tensor mask = ones(model.state_dict()["last.weight"].shape).DetachFromDisposeScope();
        foreach (int column in columns)
            mask.narrow(1, column, 1).zero_().Dispose();
        return new MaskEntry("last", "weight", mask);
    }
}
