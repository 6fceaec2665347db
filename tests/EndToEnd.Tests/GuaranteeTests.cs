using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>What users rely on beside the numbers.</summary>
public sealed class GuaranteeTests
{
    [Fact]
    public void Speedup_WithMasksOfOnes_LeavesTheModelUntouched()
    {
        using var scope = NewDisposeScope();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 1);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1"), MaskFactory.Rows(model, "conv2"));
        Snapshot before = Snapshot.Of(model);

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 9, 9)], masks);

        Assert.Equal(before, Snapshot.Of(model));
        Assert.Equal(report.ParametersBefore, report.ParametersAfter);
        Assert.Equal(0, report.Verification.MaxRelativeError);
    }

    [Fact]
    public void Speedup_OfTheSmallModelAgain_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 2);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 3, 5), MaskFactory.Rows(model, "conv2", 1, 2));
        ModelSpeedup.Run(model, [randn(2, 3, 9, 9)], masks);
        Snapshot small = Snapshot.Of(model);

        SpeedupReport again = ModelSpeedup.Run(model, [randn(2, 3, 9, 9)], MaskSet.Empty);

        Assert.Equal(small, Snapshot.Of(model));
        Assert.Equal(again.ParametersBefore, again.ParametersAfter);
    }

    [Fact]
    public void Speedup_OfTheSameInput_GivesTheSameModel()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, byte[]>? first = null;
        for (int run = 0; run < 3; run++)
        {
            manual_seed(3);
            using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 3);
            using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 3, 5), MaskFactory.Rows(model, "conv2", 1, 2));

            ModelSpeedup.Run(model, [randn(2, 3, 9, 9)], masks);

            Dictionary<string, byte[]> state = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());
            first ??= state;
            Assert.Equal(first, state);
        }
    }

    [Fact]
    public void Speedup_OfAPartlyFrozenTrainingModel_CarriesFlagsOverAndLeavesNothingBehind()
    {
        using var scope = NewDisposeScope();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 4);
        model.train();
        Child(model, "norm1").eval();
        foreach ((string name, var parameter) in model.named_parameters())
            parameter.requires_grad = name.StartsWith("conv2", StringComparison.Ordinal);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 3, 5));
        Tensor statistics = model.state_dict()["norm2.running_mean"].clone();

        ModelSpeedup.Run(model, [randn(2, 3, 9, 9)], masks);

        Assert.True(model.training);
        Assert.False(Child(model, "norm1").training);
        Assert.True(Child(model, "norm2").training);
        Assert.True(Child(model, "conv1").training);
        Assert.All(
            model.named_parameters(),
            entry => Assert.Equal(entry.name.StartsWith("conv2", StringComparison.Ordinal), entry.parameter.requires_grad)
        );
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.Equal(statistics.bytes.ToArray(), model.state_dict()["norm2.running_mean"].bytes.ToArray());
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void Speedup_LeavesTheRandomGeneratorAlone()
    {
        using var scope = NewDisposeScope();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 5);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 3, 5), MaskFactory.Rows(model, "conv2", 0));
        Tensor input = randn(2, 3, 9, 9);
        byte[] before = get_rng_state().bytes.ToArray();

        ModelSpeedup.Run(model, [input], masks);

        Assert.Equal(before, get_rng_state().bytes.ToArray());
    }

    [Fact]
    public void Speedup_LeavesNoTensorsBehind()
    {
        using var scope = NewDisposeScope();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 6);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 3, 5), MaskFactory.Rows(model, "conv2", 0));
        Tensor input = randn(2, 3, 9, 9);
        int own = model.state_dict().Count;
        ModelSpeedup.Run(model, [input], MaskSet.Empty); // whatever is created once
        var originals = new Originals(model);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        ModelSpeedup.Run(model, [input], masks);
        originals.DisposeReplaced();

        Assert.Equal(own, model.state_dict().Count);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Speedup_WhereAWholeLayerIsMasked_KeepsOneChannelAndRuns()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 7);
        using var reference = SmallNetworks.Randomize(new SmallNetworks.Plain(), 7);
        reference.load_state_dict(model.state_dict());
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv2", [.. Enumerable.Range(0, 12)]));
        Numbers.ApplyMasks(reference, masks);
        Tensor input = randn(2, 3, 9, 9);

        SpeedupReport report = ModelSpeedup.Run(model, [input], masks);

        Assert.InRange(Numbers.RelativeError(reference.forward(input), model.forward(input)), 0, 1e-5);
        Assert.Equal([1, 1, 3, 3], model.state_dict()["conv2.weight"].shape);
        Assert.Contains(report.Kept, kept => kept.Cause == KeepCause.LastIndex);
    }

    [Fact]
    public void Speedup_OfFiltersWhoseWeightsSumToZero_KeepsThem()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Plain(), 8);
        Tensor weight = model.state_dict()["conv1.weight"];
        weight[0].copy_(tensor(new float[] { 1, 0, -1, 2, 0, -2, 1, 0, -1 }).reshape(3, 3)); // a Sobel filter
        weight[1].zero_(); // zero, but not masked

        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 2));

        ModelSpeedup.Run(model, [randn(2, 3, 9, 9)], masks);

        Tensor small = model.state_dict()["conv1.weight"];
        Assert.InRange(small.shape[0], 7, 8); // the masked filter may stay as a carrier
        Assert.Equal(2, small[0].abs().max().ToSingle()); // the Sobel filter is still the first
        Assert.Equal(0, small[1].abs().max().ToSingle());
    }

    [Fact]
    public void Speedup_WithASizeInTheSource_KeepsWhatDependsOnItAndShrinksTheRest()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = SmallNetworks.Randomize(new SmallNetworks.HardCoded(), 9);
        using MaskSet masks = MaskFactory.Set(MaskFactory.Rows(model, "conv1", 0, 1, 2), MaskFactory.Rows(model, "conv2", 0, 1));

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 6, 6)], masks);

        KeptChannels kept = Assert.Single(report.Kept, kept => kept.Cause == KeepCause.HardCodedSize);
        Assert.Contains("view", kept.Operator, StringComparison.Ordinal);
        Assert.Contains("144", kept.Reason, StringComparison.Ordinal);
        Assert.Contains("72", kept.Reason, StringComparison.Ordinal);
        Assert.Equal(4, model.state_dict()["conv2.weight"].shape[0]);
        Assert.InRange(model.state_dict()["conv1.weight"].shape[0], 5, 6); // one carrier at most
        Assert.InRange(report.Verification.MaxRelativeError, 0, 1e-5);
    }

    [Fact]
    public void Speedup_WithASizeInAField_GivesTheFieldItsNewValue()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Gated(), 10);
        using var reference = SmallNetworks.Randomize(new SmallNetworks.Gated(), 10);
        reference.load_state_dict(model.state_dict());
        using MaskSet masks = WholeChannels(model, 3);
        Numbers.ApplyMasks(reference, masks);

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 6, 6)], masks);

        Tensor input = randn(3, 3, 7, 7);
        Assert.InRange(Numbers.RelativeError(reference.forward(input), model.forward(input)), 0, 1e-5);
        Assert.Equal(5, model.state_dict()["conv1.weight"].shape[0]);
        Assert.Equal(5, model.state_dict()["gate.expand.weight"].shape[0]);
        Assert.Contains("Field 'input_channels' of 'gate' held a width: it was 8 and is now 5.", report.Notes);
        Assert.DoesNotContain(report.Kept, kept => kept.Cause == KeepCause.HardCodedSize);
    }

    [Fact]
    public void Speedup_WithASizeInAFieldThatMustNotChange_KeepsWhatDependsOnItAndTheField()
    {
        using var scope = NewDisposeScope();
        using var model = SmallNetworks.Randomize(new SmallNetworks.Stubborn(), 12);
        using MaskSet masks = WholeChannels(model, 3);

        SpeedupReport report = ModelSpeedup.Run(model, [randn(2, 3, 6, 6)], masks);

        Assert.Contains(report.Kept, kept => kept.Cause == KeepCause.HardCodedSize);
        Assert.Equal(8, model.state_dict()["conv1.weight"].shape[0]);
        Assert.Equal(8, model.Width);
        Assert.Empty(report.Notes);
        Assert.InRange(report.Verification.MaxRelativeError, 0, 1e-5);
    }

    /// <summary>Prunes the first filters of conv1 with their biases, so that their channels are zero.</summary>
    private static MaskSet WholeChannels(nn.Module model, int count)
    {
        MaskEntry rows = MaskFactory.Rows(model, "conv1", [.. Enumerable.Range(0, count)]);
        Tensor bias = ones(8).DetachFromDisposeScope();
        bias[TensorIndex.Slice(0, count)] = zeros(count);
        return MaskFactory.Set(rows, new MaskEntry("conv1", "bias", bias));
    }

    private static nn.Module Child(nn.Module model, string name) => model.named_children().First(child => child.name == name).module;
}
