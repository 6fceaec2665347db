using Pruning.Tests.Support;
using Speedup.Persistence.Masks;
using Speedup.Pruning.Abstractions;
using Xunit;
using static TorchSharp.torch;

namespace Pruning.Tests;

/// <summary>The exact cases of NNI's own tests of its pruners.</summary>
public sealed class NniVectorTests
{
    [Theory]
    [InlineData(0.2, new[] { 4, 5 })]
    [InlineData(0.6, new[] { 2, 3, 4, 5, 6, 7 })]
    public void Fpgm_OfTenRisingFilters_PrunesTheMiddle(double sparsity, int[] expected)
    {
        using var model = Nets.Row(("conv", Nets.Rising(10)));

        Assert.Equal(expected, Gone(model, "fpgm", "conv", sparsity));
    }

    [Theory]
    [InlineData(5, 0.2, new[] { 0 })]
    [InlineData(10, 0.6, new[] { 0, 1, 2, 3, 4, 5 })]
    public void L1_OfRisingFilters_PrunesTheSmallest(int filters, double sparsity, int[] expected)
    {
        using var model = Nets.Row(("conv", Nets.Rising(filters, offset: 0)));

        Assert.Equal(expected, Gone(model, "l1", "conv", sparsity));
        Assert.Equal(expected, Gone(model, "l2", "conv", sparsity));
    }

    [Fact]
    public void L1_OfEqualFilters_PrunesAllThatAreNoBetterThanTheThreshold()
    {
        using var model = Nets.Row(("conv", Nets.Rising(6, scale: 0)));

        Assert.Equal([0, 1, 2, 3, 4, 5], Gone(model, "l1", "conv", 0.5, minimumKept: 0)); // as NNI does
        Assert.Equal([0, 1, 2, 3, 4], Gone(model, "l1", "conv", 0.5));
        Assert.Equal([0, 1, 2], Gone(model, "fpgm", "conv", 0.5)); // exactly as many as asked for
    }

    [Fact]
    public void Slim_OfTwoNorms_RanksThemTogether()
    {
        using var opposite = Nets.Row(("bn1", Nets.Norm(0, 1, 2, 3, 4)), ("bn2", Nets.Norm(0, -1, -2, -3, -4)));
        using var same = Nets.Row(("bn1", Nets.Norm(0, 1, 2, 3, 4)), ("bn2", Nets.Norm(0, 1, 2, 3, 4)));

        Assert.All(["bn1", "bn2"], layer => Assert.Equal([0], Gone(opposite, "slim", layer, 0.2)));
        Assert.All(["bn1", "bn2"], layer => Assert.Equal([0, 1, 2], Gone(same, "slim", layer, 0.6)));
    }

    [Fact]
    public void Prune_OfALayerTooSmallForItsSparsity_KeepsAll()
    {
        using var model = Nets.Row(("conv", Nets.Rising(3)));

        Assert.Empty(Gone(model, "l1", "conv", 0.3)); // floor(0.9)
    }

    [Theory]
    [InlineData(10, 0.5, 4, 2)] // 5 would stay, 8 are the next multiple
    [InlineData(10, 0.5, 8, 2)]
    [InlineData(10, 0.3, 8, 2)]
    [InlineData(10, 0.5, 16, 0)] // no multiple fits: nothing goes that was not asked for
    public void Prune_WithMultiples_KeepsRatherMore(int filters, double sparsity, int multiple, int expected)
    {
        using var model = Nets.Row(("conv", Nets.Rising(filters)));

        Assert.Equal(expected, Gone(model, "l1", "conv", sparsity, multipleOf: multiple).Length);
    }

    [Fact]
    public void Prune_WithAMinimum_KeepsIt()
    {
        using var model = Nets.Row(("conv", Nets.Rising(10)));

        Assert.Equal([0, 1], Gone(model, "l1", "conv", 0.9, minimumKept: 8));
    }

    [Fact]
    public void Level_OfAWeight_PrunesTheSmallestEntries()
    {
        using var noGradient = no_grad();
        var linear = nn.Linear(4, 2);
        linear.weight!.copy_(tensor(new float[] { 1, -2, 3, -4, 5, -6, 7, -8 }).reshape(2, 4));
        using var model = Nets.Row(("fc", linear));

        using MaskSet masks = Prune(model, "level", new PruningRule { Sparsity = 0.375 });

        MaskEntry entry = Assert.Single(masks.Entries);
        Assert.Equal([0, 0, 0, 1, 1, 1, 1, 1], entry.Mask.data<float>().ToArray());
    }

    [Fact]
    public void Random_WithOneSeed_IsTheSameAndWithAnotherNot()
    {
        using var model = Nets.Row(("conv", Nets.Rising(64)));

        Assert.Equal(Gone(model, "random", "conv", 0.5, seed: 3), Gone(model, "random", "conv", 0.5, seed: 3));
        Assert.NotEqual(Gone(model, "random", "conv", 0.5, seed: 3), Gone(model, "random", "conv", 0.5, seed: 4));
    }

    private static int[] Gone(
        nn.Module model,
        string pruner,
        string layer,
        double sparsity,
        int minimumKept = 1,
        int multipleOf = 1,
        long seed = 0
    )
    {
        using MaskSet masks = Prune(
            model,
            pruner,
            new PruningRule
            {
                Sparsity = sparsity,
                MinimumKept = minimumKept,
                MultipleOf = multipleOf,
            },
            seed
        );
        using Tensor rows = masks.Find(layer, "weight")!.Mask.reshape(masks.Find(layer, "weight")!.Mask.shape[0], -1).amax([1]);
        float[] kept = [.. rows.data<float>()];
        Assert.Equal(kept, masks.Find(layer, "bias")!.Mask.data<float>().ToArray());
        return [.. Enumerable.Range(0, kept.Length).Where(i => kept[i] == 0)];
    }

    private static MaskSet Prune(nn.Module model, string pruner, PruningRule rule, long seed = 0)
    {
        IPruner found = Host.Pruner(pruner);
        return found.Prune(
            new PruningRequest
            {
                Model = model,
                Targets = PruningTargets.Resolve(model, [rule], found.DefaultOpTypes),
                Seed = seed,
            }
        );
    }
}
