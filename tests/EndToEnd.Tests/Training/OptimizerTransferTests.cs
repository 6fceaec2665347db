using Speedup.Core.Hosting;
using Speedup.Core.Training;
using Speedup.Persistence.Masks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace EndToEnd.Tests.Training;

/// <summary>Training that goes on with the small model does what it would have done with the masked one.</summary>
public sealed class OptimizerTransferTests : IDisposable
{
    private const int StepsBefore = 5;
    private const int StepsAfter = 20;
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, ScalarType, double> Cases
    {
        get
        {
            var cases = new TheoryData<string, ScalarType, double>();
            foreach (string name in Optimizers.All.Keys)
            {
                cases.Add(name, ScalarType.Float64, 1e-10);
                cases.Add(name, ScalarType.Float32, 1e-5);
            }
            return cases;
        }
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Complete_LetsTheSmallModelTrainAsTheMaskedOne(string name, ScalarType type, double tolerance)
    {
        using TrainedNet masked = TrainedNet.Make(type);
        using TrainedNet small = TrainedNet.Make(type);
        using MaskSet masks = masked.Masks();
        using OptimizerHelper ofMasked = Optimizers.All[name](masked.parameters());
        using OptimizerHelper ofSmall = Optimizers.All[name](small.parameters());
        for (int step = 0; step < StepsBefore; step++)
        {
            Step(masked, ofMasked, type, step, masks);
            Step(small, ofSmall, type, step, masks);
        }
        var transfer = OptimizerTransfer.Begin(small, ofSmall);
        ModelSpeedup.Run(small, [randn([2, 3, 8, 8], type)], masks);

        IReadOnlyList<string> anew = transfer.Complete();

        Assert.Empty(anew);
        Assert.Equal((7, 8), (small.first.weight.shape[0], small.second.weight.shape[0]));
        AssertIsOver(small, ofSmall);
        for (int step = 0; step < StepsAfter; step++)
        {
            Step(masked, ofMasked, type, StepsBefore + step, masks);
            Step(small, ofSmall, type, StepsBefore + step, null);
            Assert.InRange(Compare(masked, small, type, batch: 1 + (2 * step % 7)), 0, tolerance);
        }
    }

    /// <summary>The test above can tell: without the state, or with that of other channels, outputs differ.</summary>
    [Fact]
    public void NewOptimizer_TrainsOtherwise()
    {
        const ScalarType type = ScalarType.Float64;
        using TrainedNet masked = TrainedNet.Make(type);
        using TrainedNet small = TrainedNet.Make(type);
        using MaskSet masks = masked.Masks();
        using OptimizerHelper ofMasked = Optimizers.All["Adam"](masked.parameters());
        using (OptimizerHelper dropped = Optimizers.All["Adam"](small.parameters()))
        {
            for (int step = 0; step < StepsBefore; step++)
            {
                Step(masked, ofMasked, type, step, masks);
                Step(small, dropped, type, step, masks);
            }
        }
        ModelSpeedup.Run(small, [randn([2, 3, 8, 8], type)], masks);
        using OptimizerHelper anew = Optimizers.All["Adam"](small.parameters());

        Step(masked, ofMasked, type, StepsBefore, masks);
        Step(small, anew, type, StepsBefore, null);

        Assert.True(Compare(masked, small, type, 3) > 1e-5);
    }

    [Fact]
    public void Complete_AfterSpeedupsThatFollowEachOther_CarriesOverOnce()
    {
        const ScalarType type = ScalarType.Float64;
        using TrainedNet masked = TrainedNet.Make(type);
        using TrainedNet small = TrainedNet.Make(type);
        using MaskSet masks = masked.Masks();
        using OptimizerHelper ofMasked = Optimizers.All["Adam"](masked.parameters());
        using OptimizerHelper ofSmall = Optimizers.All["Adam"](small.parameters());
        Step(masked, ofMasked, type, 0, masks);
        Step(small, ofSmall, type, 0, masks);
        var transfer = OptimizerTransfer.Begin(small, ofSmall);
        using var part = new MaskSet([.. masks.Entries.Where(entry => entry.ModulePath == "second").Select(Copy)]);
        using var rest = new MaskSet([.. masks.Entries.Where(entry => entry.ModulePath != "second").Select(Copy)]);
        ModelSpeedup.Run(small, [randn([2, 3, 8, 8], type)], part);
        ModelSpeedup.Run(small, [randn([2, 3, 8, 8], type)], SmallerMasks(small, rest));

        transfer.Complete();

        Assert.Equal((7, 8), (small.first.weight.shape[0], small.second.weight.shape[0]));
        AssertIsOver(small, ofSmall);
        for (int step = 1; step <= StepsAfter; step++)
        {
            Step(masked, ofMasked, type, step, masks);
            Step(small, ofSmall, type, step, null);
            Assert.InRange(Compare(masked, small, type, 3), 0, 1e-10);
        }
    }

    private static MaskEntry Copy(MaskEntry entry) => entry with { Mask = entry.Mask.clone().DetachFromDisposeScope() };

    /// <summary>Masks of the dense model, for one whose second layer has lost rows: only <c>back</c> reads them.</summary>
    private static MaskSet SmallerMasks(TrainedNet small, MaskSet masks) =>
        new([
            .. masks.Entries.Select(entry =>
                entry with
                {
                    Mask = (
                        entry is { ModulePath: "back", Parameter: "weight" }
                            ? entry.Mask[.., ..(int)small.back.weight.shape[1]]
                            : entry.Mask
                    )
                        .clone()
                        .DetachFromDisposeScope(),
                }
            ),
        ]);

    /// <summary>One step of training on data that depend on its number only; masks are multiplied in before and after.</summary>
    internal static void Step(TrainedNet model, OptimizerHelper optimizer, ScalarType type, int number, MaskSet? masks)
    {
        using var scope = NewDisposeScope();
        if (masks is not null)
            Numbers.ApplyMasks(model, masks);
        model.train();
        manual_seed(1000 + number);
        Tensor input = randn([7, 3, 8, 8], type);
        Tensor target = randint(0, 4, [7]);
        optimizer.zero_grad();
        nn.functional.cross_entropy(model.call(input), target).backward();
        optimizer.step();
        if (masks is not null)
            Numbers.ApplyMasks(model, masks);
    }

    private static double Compare(TrainedNet masked, TrainedNet small, ScalarType type, long batch)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        masked.eval();
        small.eval();
        manual_seed(batch);
        Tensor input = randn([batch, 3, 16, 12], type);
        return Numbers.RelativeError(masked.call(input), small.call(input));
    }

    private static void AssertIsOver(nn.Module model, OptimizerHelper optimizer)
    {
        Assert.Equal<Parameter>(
            model.parameters(),
            optimizer.ParamGroups.Cast<ParamGroup>().SelectMany(group => group.Parameters),
            ReferenceEquals
        );
        Assert.Equal(model.parameters().Count(), optimizer.state_dict().State.Count);
    }
}
